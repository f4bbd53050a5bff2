"""The screens of baskets: the list, what a basket holds in its order, how it is filled, what is taken from it."""

from essor.catalogue.admin.baskets.filling import AddToBasketForm
from essor.catalogue.admin.baskets.one_basket import contents_address
from essor.catalogue.admin.baskets.screens import BasketChooser, BasketViewSet

__all__ = ["AddToBasketForm", "BasketChooser", "BasketViewSet", "contents_address"]
