"""What is sent for each command, what its answers mean, and how the library grows."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from sansdk.commands import base, cliq, templates, zfs
from sansdk.commands.base import (
    Command,
    Pace,
    Refusal,
    hidden,
    library,
    register,
    register_templates,
)
from sansdk.commands.comstar import itadm, sbdadm, stmfadm, svcs
from sansdk.commands.quoting import CLIQ
from sansdk.errors import ArrayError, Busy, InputError, NotFound, UnexpectedOutput
from sansdk.secrets import Secret
from sansdk.transport.base import Answer

GUID = "600144F05F71070000004BC981EC0001"
IQN = "iqn.1993-08.org.debian:01:bar"
SECRET = Secret("s3cret-s3cret")
COLUMNS = "name,type,volsize,used,referenced,creation,origin,refreservation,volblocksize,guid,sansdk:guid,sansdk:owner"

SENT: list[tuple[Command[Any], str]] = [
    (
        zfs.CreateVolume("tank/v", 1 << 30, thin=True, properties=("sansdk:guid=6", "a:b=c d")),
        "/usr/sbin/zfs create -s -V 1073741824 -o sansdk:guid=6 -o 'a:b=c d' tank/v",
    ),
    (zfs.CreateVolume("tank/a b", 1 << 30, thin=False), "/usr/sbin/zfs create -V 1073741824 'tank/a b'"),
    (zfs.Destroy("tank/v@a"), "/usr/sbin/zfs destroy tank/v@a"),
    (zfs.SetProperties("tank", ("sansdk:next-lun=7",)), "/usr/sbin/zfs set sansdk:next-lun=7 tank"),
    (
        zfs.GetProperties("tank/v", ("volsize", "sansdk:guid")),
        "/usr/sbin/zfs get -Hp -o property,value,source volsize,sansdk:guid tank/v",
    ),
    (zfs.Guid("tank/v"), "/usr/sbin/zfs get -Hp -o value guid tank/v"),
    (zfs.ListVolumes("tank"), f"/usr/sbin/zfs list -Hp -r -t volume -o {COLUMNS} tank"),
    (zfs.VolumeDetails("tank/v"), f"/usr/sbin/zfs list -Hp -o {COLUMNS} tank/v"),
    (
        zfs.ListSnapshots("tank/v"),
        "/usr/sbin/zfs list -Hp -d 1 -t snapshot -o name,creation,used,referenced,guid,userrefs tank/v",
    ),
    (zfs.ListAvailable("tank"), "/usr/sbin/zfs list -Hp -o available,used tank"),
    (zfs.ListPools(), "/usr/sbin/zpool list -Hp -o name,size,allocated,free,health"),
    (zfs.ListPools("tank"), "/usr/sbin/zpool list -Hp -o name,size,allocated,free,health tank"),
    (zfs.PoolGuid("tank"), "/usr/sbin/zpool list -H -o guid tank"),
    (stmfadm.CreateLu("/d/v", GUID), f"/usr/sbin/stmfadm create-lu -p guid={GUID} /d/v"),
    (stmfadm.CreateLu("/d/a b"), "/usr/sbin/stmfadm create-lu '/d/a b'"),
    (stmfadm.ImportLu("/d/v"), "/usr/sbin/stmfadm import-lu /d/v"),
    (stmfadm.DeleteLu(GUID), f"/usr/sbin/stmfadm delete-lu -k {GUID}"),
    (stmfadm.OnlineLu(GUID), f"/usr/sbin/stmfadm online-lu {GUID}"),
    (stmfadm.ListLu(), "/usr/sbin/stmfadm list-lu -v"),
    (stmfadm.ShowLu(GUID), f"/usr/sbin/stmfadm list-lu -v {GUID}"),
    (stmfadm.AddView(GUID, 0, "tg", "hg"), f"/usr/sbin/stmfadm add-view -t tg -h hg -n 0 {GUID}"),
    (stmfadm.AddView(GUID, 9, "tg", None), f"/usr/sbin/stmfadm add-view -t tg -n 9 {GUID}"),
    (stmfadm.RemoveView(GUID, 3), f"/usr/sbin/stmfadm remove-view -l {GUID} 3"),
    (stmfadm.ListViews(GUID), f"/usr/sbin/stmfadm list-view -l {GUID}"),
    (stmfadm.CreateTargetGroup("a b"), "/usr/sbin/stmfadm create-tg 'a b'"),
    (stmfadm.DeleteTargetGroup("tg"), "/usr/sbin/stmfadm delete-tg tg"),
    (stmfadm.AddTargetGroupMember("tg", IQN), f"/usr/sbin/stmfadm add-tg-member -g tg {IQN}"),
    (stmfadm.RemoveTargetGroupMember("tg", IQN), f"/usr/sbin/stmfadm remove-tg-member -g tg {IQN}"),
    (stmfadm.ListTargetGroups(), "/usr/sbin/stmfadm list-tg -v"),
    (stmfadm.CreateHostGroup("hg"), "/usr/sbin/stmfadm create-hg hg"),
    (stmfadm.DeleteHostGroup("hg"), "/usr/sbin/stmfadm delete-hg hg"),
    (stmfadm.AddHostGroupMember("hg", IQN), f"/usr/sbin/stmfadm add-hg-member -g hg {IQN}"),
    (stmfadm.RemoveHostGroupMember("hg", IQN), f"/usr/sbin/stmfadm remove-hg-member -g hg {IQN}"),
    (stmfadm.ListHostGroups(), "/usr/sbin/stmfadm list-hg -v"),
    (stmfadm.ListTargets(), "/usr/sbin/stmfadm list-target -v"),
    (stmfadm.ListState(), "/usr/sbin/stmfadm list-state"),
    (itadm.CreateTarget(IQN), f"/usr/sbin/itadm create-target -n {IQN}"),
    (
        itadm.CreateTarget(IQN, "chap", ("tpg1", "tpg 2")),
        f"/usr/sbin/itadm create-target -n {IQN} -a chap -t 'tpg1,tpg 2'",
    ),
    (itadm.DeleteTarget(IQN), f"/usr/sbin/itadm delete-target -f {IQN}"),
    (itadm.ListTargets(), "/usr/sbin/itadm list-target -v"),
    (itadm.ListTpgs(), "/usr/sbin/itadm list-tpg -v"),
    (itadm.ListDefaults(), "/usr/sbin/itadm list-defaults"),
    (
        itadm.CreateInitiator(IQN, "sansdk-1a2b3c4d", SECRET),
        f"/usr/sbin/itadm create-initiator -u sansdk-1a2b3c4d -S *** {IQN}",
    ),
    (itadm.DeleteInitiator(IQN), f"/usr/sbin/itadm delete-initiator {IQN}"),
    (itadm.ListInitiators(), "/usr/sbin/itadm list-initiator"),
    (sbdadm.CreateLu("/d/v"), "/usr/sbin/sbdadm create-lu /d/v"),
    (sbdadm.ListLu(), "/usr/sbin/sbdadm list-lu"),
    (svcs.ServiceState(svcs.STMF), "/usr/bin/svcs -H -o state svc:/system/stmf:default"),
    (cliq.GetVolumes(), "getVolumeInfo output=XML"),
    (cliq.GetVolume("a b"), 'getVolumeInfo volumeName="a b" output=XML'),
    (cliq.GetClusters(), "getClusterInfo searchDepth=1 output=XML"),
    (cliq.GetSystem(), "getSystemInfo output=XML"),
    (
        cliq.CreateVolume("v", "Cluster 01", "10GB", thin=True),
        'createVolume volumeName=v clusterName="Cluster 01" size=10GB thinProvision=1 description="" output=XML',
    ),
    (
        cliq.CreateVolume("v", "c", "1TB", thin=False, description="made by x"),
        'createVolume volumeName=v clusterName=c size=1TB thinProvision=0 description="made by x" output=XML',
    ),
    (cliq.DeleteVolume("v"), "deleteVolume volumeName=v prompt=0 output=XML"),
    (
        cliq.AssignVolumeChap("v", "u", SECRET),
        "assignVolumeChap volumeName=v chapName=u targetSecret=*** output=XML",
    ),
    (cliq.AssignVolumeToServer("v", "s"), "assignVolumeToServer volumeName=v serverName=s output=XML"),
    (cliq.UnassignVolumeToServer("v", "s"), "unassignVolumeToServer volumeName=v serverName=s output=XML"),
    (cliq.UnassignVolume("v"), "unassignVolume volumeName=v output=XML"),
    (cliq.CreateServer("s", IQN), f"createServer serverName=s initiator={IQN} output=XML"),
    (cliq.DeleteServer("s"), "deleteServer serverName=s prompt=0 output=XML"),
    (cliq.GetServer("s"), "getServerInfo serverName=s output=XML"),
]


@pytest.mark.parametrize(("command", "line"), SENT, ids=[line for _, line in SENT])
def test_a_command_is_written_as_its_array_reads_it(command: Command[Any], line: str) -> None:
    assert command.render(hidden) == line


SAMPLES: dict[str, object] = {
    "str": "it's $x",
    "int": 7,
    "bool": True,
    "tuple[str, ...]": ("a b", "c"),
    "Secret": SECRET,
    "str | None": "it's $x",
}


def filled(kind: type[Command[Any]]) -> Command[Any]:
    import attrs  # noqa: PLC0415

    def named(annotation: object) -> str:
        return annotation.__name__ if isinstance(annotation, type) and "[" not in str(annotation) else str(annotation)

    return kind(**{field.name: SAMPLES[named(field.type)] for field in attrs.fields(kind)})


@pytest.mark.parametrize("name", library())
def test_every_command_of_the_library_has_a_template_that_takes_its_fields(name: str) -> None:
    kind = library()[name]
    line = filled(kind).render(hidden)
    assert "\n" not in line
    assert kind.dialect.program.fullmatch(line.split(" ")[0])


@pytest.mark.parametrize("name", library())
def test_every_command_says_what_it_does_to_the_array(name: str) -> None:
    kind = library()[name]
    assert kind.__doc__
    if kind.changes:
        assert kind.pace is not Pace.READ
    else:
        assert kind.repeatable


@pytest.mark.parametrize("name", library())
def test_nothing_is_destroyed_that_was_not_named(name: str) -> None:
    words = filled(library()[name]).render(hidden).split(" ")
    program = words[0].rpartition("/")[2]
    match [program, *words[1:2]]:
        case ["zfs", "destroy" | "rollback"]:
            assert not {"-r", "-R", "-d", "-f"} & set(words)
        case ["stmfadm", "delete-lu"]:
            assert "-k" in words
        case ["stmfadm", "remove-view"]:
            assert "-a" not in words
        case ["stmfadm", "add-view"]:
            assert {"-t", "-n"} <= set(words)


def test_the_library_lists_what_there_is_by_name() -> None:
    assert library()["zfs.CreateVolume"] is zfs.CreateVolume
    assert library()["comstar.stmfadm.ListTargets"] is stmfadm.ListTargets
    assert library()["comstar.itadm.ListTargets"] is itadm.ListTargets
    with pytest.raises(TypeError):
        library()["zfs.CreateVolume"] = zfs.Destroy  # type: ignore[index]


def test_jinja_is_not_imported_before_a_command_is_rendered() -> None:
    program = (
        "import sys, sansdk, sansdk.commands.base; sansdk.commands.base.library(); "
        "sys.exit('jinja2' in sys.modules or 'fabric' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@frozen
class Echo(Command[str]):
    """A command of a user."""

    template = "mine/echo.j2"
    refusals = (Refusal(r"too (?P<dependents>\w+)", ArrayError),)

    text: str

    def parse(self, output: str) -> str:
        """What was echoed."""
        return output.removesuffix("\n")


@pytest.fixture
def own_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(base, "_registered", dict(library()))
    monkeypatch.setattr(templates, "_directories", list(templates._directories))
    templates.load.cache_clear()
    yield
    templates.load.cache_clear()


@pytest.mark.usefixtures("own_library")
def test_users_add_commands_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="register_templates"):
        Echo("a b").render()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "echo.j2").write_text("/usr/bin/echo {{ text }}\n")
    register_templates(tmp_path)
    assert register(Echo) is Echo
    assert library()["mine.Echo"] is Echo
    assert Echo("a b").render() == "/usr/bin/echo 'a b'"
    assert Echo("a b").read(Answer(0, "a b\n")) == "a b"


@pytest.mark.usefixtures("own_library")
def test_no_name_of_the_library_is_given_twice() -> None:
    @frozen
    class CreateVolume(Command[None]):
        """Another of that name."""

        template = "zfs/other.j2"

    with pytest.raises(InputError, match=r"zfs\.CreateVolume already"):
        register(CreateVolume)
    assert library()["zfs.CreateVolume"] is zfs.CreateVolume


@pytest.mark.usefixtures("own_library")
def test_users_do_not_replace_a_template_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "zfs").mkdir()
    (tmp_path / "zfs" / "destroy.j2").write_text("/usr/sbin/zfs destroy -r {{ name }}\n")
    register_templates(tmp_path)
    assert zfs.Destroy("tank/v").render() == "/usr/sbin/zfs destroy tank/v"


def test_what_no_refusal_describes_is_told_in_the_arrays_words() -> None:
    error = zfs.Destroy("tank/v").refused(Answer(1, "", "internal error: Invalid argument\nAbort\n"))
    assert type(error) is ArrayError
    assert str(error) == "zfs destroy was refused: internal error: Invalid argument."
    assert (error.command, error.status) == ("/usr/sbin/zfs destroy tank/v", 1)
    assert error.output == "internal error: Invalid argument\nAbort\n"


@pytest.mark.parametrize("status", [1, 137, None])
def test_a_silent_failure_names_its_status(status: int | None) -> None:
    with pytest.raises(ArrayError, match=f"ended with status {status} and said nothing"):
        zfs.Destroy("tank/v").read(Answer(status))


def test_a_refusal_says_the_way_out() -> None:
    error = stmfadm.CreateLu("/d/v", GUID).refused(Answer(1, "", "stmfadm: guid in use\n"))
    assert error.mend == "Take another GUID."
    assert str(error) == "stmfadm create-lu was refused: stmfadm: guid in use. Take another GUID."


def test_a_secret_is_in_no_error() -> None:
    command = itadm.CreateInitiator(IQN, "u", SECRET)
    assert command.secrets() == (SECRET,)
    error = command.refused(Answer(1, "", f"itadm: {SECRET.reveal()} is no secret\n"))
    assert SECRET.reveal() not in f"{error} {error.output} {error.command}"
    unexpected = command.unexpected(f"a {SECRET.reveal()}", f"b {SECRET.reveal()}")
    assert SECRET.reveal() not in f"{unexpected} {unexpected.text} {unexpected.command}"


def test_a_secret_needs_a_word() -> None:
    with pytest.raises(InputError, match="no place"):
        itadm.CreateInitiator(IQN, "u", SECRET).render()
    told = cliq.AssignVolumeChap("v", "u", SECRET).render(lambda secret: CLIQ.word(secret.reveal()))
    assert told.split(" ")[3] == f"targetSecret={SECRET.reveal()}"


def test_no_views_is_an_answer_but_no_such_view_is_not() -> None:
    asked = stmfadm.ListViews(GUID)
    assert asked.read(Answer(1, "", f"stmfadm: {GUID.lower()}: no views found\n")) == ()
    with pytest.raises(NotFound):
        asked.read(Answer(1, "", f"stmfadm: {GUID.lower()}, 4: not found\n"))
    with pytest.raises(ArrayError, match="no views found"):
        asked.read(Answer(3, "", f"stmfadm: {GUID.lower()}: no views found\n"))


def cliq_answer(result: str, name: str, description: str, body: str = "") -> str:
    return (
        f'<gauche version="1.0"><response description="{description}" name="{name}" result="{result}">{body}'
        "</response></gauche>    "
    )


def test_the_result_decides_not_the_exit_status() -> None:
    unknown = cliq_answer("8000100c", "CliqVolumeNotFound", "Volume 'v' not found.")
    with pytest.raises(NotFound, match=r"Volume 'v' not found \(CliqVolumeNotFound\)"):
        cliq.GetVolume("v").read(Answer(0, unknown))
    assert cliq.UnassignVolume("v").read(Answer(None, cliq_answer("0", "CliqSuccess", ""))) is None
    assert cliq.GetVolumes().read(Answer(4, cliq_answer("4", "CliqNothingFound", "None."))) == ()
    with pytest.raises(NotFound):
        cliq.GetVolume("v").read(Answer(4, cliq_answer("4", "CliqNothingFound", "None.")))


@pytest.mark.parametrize("result", ["4", "80001010", "12345"])
def test_an_unknown_server_is_none(result: str) -> None:
    assert cliq.GetServer("s").read(Answer(1, cliq_answer(result, "", "No such server."))) is None


@pytest.mark.parametrize("result", ["1", "2", "8", "80001001", "80001007"])
def test_a_result_with_another_meaning_is_not_taken_for_an_unknown_server(result: str) -> None:
    with pytest.raises(ArrayError):
        cliq.GetServer("s").read(Answer(1, cliq_answer(result, "", "Something else.")))


def test_an_answer_without_a_response_is_a_refusal_only_if_the_command_failed() -> None:
    with pytest.raises(ArrayError, match="Not authorized") as caught:
        cliq.GetVolumes().read(Answer(255, "", "Not authorized\n"))
    assert not isinstance(caught.value, UnexpectedOutput)
    with pytest.raises(UnexpectedOutput):
        cliq.GetVolumes().read(Answer(0, "Not authorized\n"))


@pytest.mark.parametrize(
    "prologue", ['<!DOCTYPE a [<!ENTITY b "c">]>', "<!doctype gauche>", '<!DOCTYPE a SYSTEM "file:///etc/passwd">']
)
def test_a_document_type_is_refused(prologue: str) -> None:
    with pytest.raises(UnexpectedOutput, match="document type"):
        cliq.GetVolumes().parse(prologue + cliq_answer("0", "", ""))


def test_the_secrets_that_a_group_tells_are_in_no_error() -> None:
    body = '<volume name="v"><permission targetSecret="open sesame" initiatorSecret=\'and this\'/></volume>'
    with pytest.raises(UnexpectedOutput, match="no clusterName") as caught:
        cliq.GetVolumes().parse(cliq_answer("0", "", "", body))
    assert 'targetSecret="***"' in caught.value.text
    assert "sesame" not in caught.value.text
    assert "and this" not in caught.value.text
    refused = cliq.GetVolumes().refused(Answer(1, cliq_answer("80001001", "CliqUnexpected", "x", body)))
    assert "sesame" not in refused.output


def test_a_size_is_written_in_the_largest_unit_that_divides_it() -> None:
    assert cliq.cliq_size(1024) == "1KB"
    assert cliq.cliq_size(1536 << 10) == "1536KB"
    assert cliq.cliq_size(10 << 30) == "10GB"
    assert cliq.cliq_size((10 << 30) + (1 << 20)) == "10241MB"
    assert cliq.cliq_size(3 << 40) == "3TB"
    assert cliq.cliq_size(2 << 60) == "2048PB"


@pytest.mark.parametrize("size", [0, -1024, 1, 1023, 1025, (1 << 30) + 1])
def test_a_size_that_cliq_cannot_say_is_refused(size: int) -> None:
    with pytest.raises(InputError, match="multiple of 1024"):
        cliq.cliq_size(size)


def test_properties_that_were_asked_for_must_be_answered() -> None:
    with pytest.raises(UnexpectedOutput, match="lacks sansdk:guid"):
        zfs.GetProperties("tank/v", ("volsize", "sansdk:guid")).parse("volsize\t1024\tlocal\n")


def test_volatile_facts_do_not_make_values_differ() -> None:
    row = "tank/v\tvolume\t1024\t{used}\t{used}\t1795518900\t-\t0\t512\t7\t-\t-\n"
    [one], [other] = (zfs.ListVolumes("tank").parse(row.format(used=used)) for used in (0, 4096))
    assert one == other
    assert one.used != other.used


def test_busy_is_busy_whatever_the_name() -> None:
    name = "tank/no such pool"
    error = zfs.Destroy(name).refused(Answer(1, "", f"cannot destroy '{name}': dataset is busy\n"))
    assert type(error) is Busy
