"""Who asks, as far as the network tells."""

import pytest

from essor.presentation.visitors import address_of_visitor


@pytest.mark.parametrize(
    ("behind_proxy", "expected"), [(False, "127.0.0.1"), (True, "203.0.113.7")]
)
def test_only_the_last_word_of_our_own_proxy_is_believed(rf, settings, behind_proxy, expected):
    settings.BEHIND_PROXY = behind_proxy
    request = rf.get("/", HTTP_X_FORWARDED_FOR="9.9.9.9, 203.0.113.7")
    assert address_of_visitor(request) == expected
