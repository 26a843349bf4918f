from assistant.web.page.places import PLACES
from assistant.web.rendering.strings import LANGUAGES, read_strings


def test_each_place_has_a_name_in_every_language_and_addresses_of_its_own() -> None:
    addresses = [address for place in PLACES for address in place.addresses]

    assert len(addresses) == len(set(addresses))
    assert all(place.label in read_strings(language) for place in PLACES for language in LANGUAGES)
