"""What the SDK says is said in the words of the shell."""

import pytest

from sanshell.wording import spoken


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Log them out, or say force=True: the views go.", "Log them out, or say --force: the views go."),
        ("Use that user, or say replace_chap=True.", "Use that user, or say --replace-chap."),
        ("Choose another, or leave lun= out.", "Choose another, or leave --lun out."),
        ("Give chap= or initiators=, not both.", "Give --chap or --initiator, not both."),
        ("Name initiators=(…), or say initiators=sansdk.ANYONE.", "Name --initiator, or say --anyone."),
        ("Call remove_export first.", "Call export remove first."),
        ('then pass host_key="ssh-ed25519 A+"', 'then pass --host-key "ssh-ed25519 A+"'),
        ("cannot set volsize=10: x=y", "cannot set volsize=10: x=y"),
    ],
)
def test_keywords_and_verbs_become_options_and_commands(said: str, meant: str):
    assert spoken(said) == meant
