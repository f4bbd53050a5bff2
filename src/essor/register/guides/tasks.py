"""Long guides, made in the background."""

from django_tasks import task

from essor.register.services.guides import make_guide_apart


@task
def make_guide(pk: int, portal: str, address: str) -> None:
    """Make the files of a guide; `portal` is the name of the portal, `address` where it is."""
    make_guide_apart(pk, portal=portal, address=address)
