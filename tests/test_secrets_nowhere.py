"""No CHAP secret and no password shows where it has no business."""

import logging
import time
import traceback
from collections.abc import Iterator
from typing import Literal

import pytest

import sansdk
from sansdk import ArrayError, Chap, Conflict, ConnectError, CreateExport, InvalidChap, SanError, Secret, Uncertain
from sansdk.session import SanSession
from sansdk.testing.race import meanwhile
from sansim import Fault, SimulatedArray

GIB = 1 << 30
HOST = "iqn.1993-08.org.debian:01:host"
VALUE = "tell-nobody-1234"
OTHER_VALUE = "tell-nobody-5678"
CREATES = {"solaris": "itadm create-initiator*", "hp": "assignVolumeChap*"}


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The root logger at DEBUG, and with it those of paramiko, invoke and asyncssh."""
    caplog.set_level(logging.DEBUG)
    for name in (
        "paramiko",
        "paramiko.transport",
        "invoke",
        "fabric",
        "asyncssh",
        "sansdk",
        "sansdk.transport",
        "sansim",
    ):
        caplog.set_level(logging.DEBUG, logger=name)


def whom(array: SimulatedArray) -> tuple[str, ...]:
    return (HOST,) if array.kind == "solaris" else ()


def chain(error: BaseException) -> Iterator[BaseException]:
    """An error and every error that led to it."""
    yield error
    for other in (error.__cause__, error.__context__, getattr(error, "cause", None)):
        if isinstance(other, BaseException):
            yield from chain(other)


def shown(error: BaseException) -> str:
    """An error with all that a handler might print of it: its chain, its frames and their locals, but for our own."""
    told = []
    for each in chain(error):
        told += [str(each), repr(each), repr(each.args), repr(vars(each))]
        for frame, _ in traceback.walk_tb(each.__traceback__):
            if frame.f_code.co_filename != __file__:
                told += [f"{frame.f_code.co_name} {name}={value!r}" for name, value in frame.f_locals.items()]
    return "\n".join(told)


def fail(array: SimulatedArray, san: SanSession) -> str:
    """What is shown of an export with CHAP that fails at the array."""
    with pytest.raises(SanError) as caught:
        san.create_export("v", initiators=whom(array), chap=Chap("db", Secret(VALUE)))
    return shown(caught.value)


def test_no_log_at_any_level_has_a_secret(array: SimulatedArray, san: SanSession, caplog: pytest.LogCaptureFixture):
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=whom(array), chap=Chap("db", Secret(VALUE)))
    logging.getLogger("a.user").info("%s %r %s", export, export, export.provider_auth)
    san.export("v")
    san.remove_export("v")
    assert array.log.quiet()
    assert len(caplog.records) > 10
    for record in caplog.records:
        text = f"{record.getMessage()} {record.args!r} {record.exc_text}"
        assert VALUE not in text, record.name
        assert array.password not in text, record.name


def test_no_log_has_a_secret_that_the_sdk_made(
    array: SimulatedArray, san: SanSession, caplog: pytest.LogCaptureFixture
):
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=whom(array), chap=True)
    assert export.chap is not None
    assert export.chap.secret is not None
    assert export.chap.secret.reveal() not in caplog.text


def test_on_solaris_no_argument_of_any_program_and_no_output_has_a_secret(
    solaris_array: SimulatedArray, solaris_san: SanSession
):
    solaris_san.create_volume("v", GIB)
    solaris_san.create_export("v", initiators=[HOST], chap=Chap("db", Secret(VALUE)))
    solaris_san.ensure_export("v", initiators=[HOST], chap=Chap("db", Secret(OTHER_VALUE)), replace_chap=True)
    solaris_san.export("v")
    assert solaris_array.log.quiet()
    sent = b"".join(e.stdin for e in solaris_array.log)
    assert VALUE.encode() in sent  # it travelled, and on standard input alone
    for exec_ in solaris_array.log:
        for text in (exec_.text, *exec_.programs):
            assert VALUE not in text
            assert OTHER_VALUE not in text
        for stream in (exec_.stdout, exec_.stderr):
            assert VALUE.encode() not in stream
            assert OTHER_VALUE.encode() not in stream


def test_on_solaris_no_file_with_a_secret_stays_on_the_host(solaris_san: SanSession, solaris_array: SimulatedArray):
    from sansdk.testing.hand import Hand  # noqa: PLC0415 - the one test that looks into the host's files

    solaris_san.create_volume("v", GIB)
    solaris_san.create_export("v", initiators=[HOST], chap=Chap("db", Secret(VALUE)))
    with Hand(solaris_array) as hand:
        found = hand.run("cat /tmp/* /tmp/.[a-z]* 2>/dev/null; true")
    assert VALUE not in found


def test_no_history_has_a_secret(array: SimulatedArray, san: SanSession):
    san.create_volume("v", GIB)
    san.create_export("v", initiators=whom(array), chap=Chap("db", Secret(VALUE)))
    san.export("v")  # LeftHand answers with the secret
    san.exports()
    for entry in san.history:
        for text in (entry.command, entry.output, repr(entry), str(entry)):
            assert VALUE not in text
    assert any("***" in entry.command for entry in san.history)
    assert VALUE not in repr(san.history)


def test_no_text_of_a_value_or_a_session_has_a_secret(array: SimulatedArray, san: SanSession):
    secret = Secret(VALUE)
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=whom(array), chap=Chap("db", secret))
    for thing in (secret, export, export.chap, export.provider_auth, san, san.exports(), san.initiators()):
        assert VALUE not in repr(thing)
        assert VALUE not in str(thing)
        assert VALUE not in f"{thing}"
        assert array.password not in repr(thing)
    assert array.password not in repr(vars(san))


def test_no_text_of_a_plan_has_a_secret(array: SimulatedArray, san: SanSession):
    san.create_volume("v", GIB)
    with san.plan() as plan:
        plan.create_export("v", initiators=whom(array), chap=Chap("db", Secret(VALUE)))
    texts = [str(plan), repr(plan), plan._repr_html_(), plan.script(), repr(plan.items), str(plan.items)]
    texts += [repr(step) + repr(step.command) for item in plan.items for step in item.steps]
    results = plan.apply()
    texts += [repr(results), str(results[0]), repr(results[0].value)]
    assert VALUE not in "\n".join(texts)


@pytest.mark.parametrize("when", ["before", "after"])
def test_no_refusal_shows_a_secret(array: SimulatedArray, san: SanSession, when: Literal["before", "after"]):
    san.create_volume("v", GIB)
    said = f"it says {VALUE} aloud\n"
    if array.kind == "solaris":
        array.faults.add(Fault("error", CREATES[array.kind], when=when, stderr=said, status=1))
    else:
        array.faults.add(Fault("error", CREATES[array.kind], when=when, stdout=said, status=128))
    text = fail(array, san)
    assert VALUE not in text
    assert array.password not in text


def test_no_lost_line_shows_a_secret(array: SimulatedArray, san: SanSession):
    san.create_volume("v", GIB)
    array.faults.add(Fault("cut", CREATES[array.kind], times=None))
    if array.kind == "solaris":  # the program runs on, and its end is learnt
        assert san.create_export("v", initiators=whom(array), chap=Chap("db", Secret(VALUE))).chap
        assert VALUE not in repr(list(san.history))
        return
    with pytest.raises(Uncertain) as caught:
        san.create_export("v", initiators=whom(array), chap=Chap("db", Secret(VALUE)))
    assert VALUE not in shown(caught.value)
    assert array.password not in shown(caught.value)


def test_no_time_out_shows_a_secret(array: SimulatedArray):
    with sansdk.connect(array.url, **array.connect_args) as san:
        san.create_volume("v", GIB)
    san = sansdk.connect(array.url, **array.connect_args, read_timeout=1.5, change_timeout=1.5)
    meanwhile(array, CREATES[array.kind], lambda _: time.sleep(3.0))  # the array hangs, whole
    with pytest.raises(SanError) as caught:
        san.create_export("v", initiators=whom(array), chap=Chap("db", Secret(VALUE)))
    assert isinstance(caught.value, Uncertain | ConnectError)
    assert VALUE not in shown(caught.value)
    assert array.password not in shown(caught.value)
    assert array.log.quiet()


def test_no_conflict_shows_a_secret(array: SimulatedArray, san: SanSession):
    san.create_volume("v", GIB)
    san.create_export("v", initiators=whom(array), chap=Chap("db", Secret(VALUE)))
    with pytest.raises(Conflict) as caught:
        san.ensure_export("v", initiators=whom(array), chap=Chap("other", Secret(OTHER_VALUE)))
    text = shown(caught.value)
    assert VALUE not in text
    assert OTHER_VALUE not in text


def test_no_answer_that_cannot_be_read_shows_a_secret(hp_array: SimulatedArray, hp_san: SanSession):
    hp_san.create_volume("v", GIB)
    hp_san.create_export("v", chap=Chap("db", Secret(VALUE)))
    garbled = f'<gauche><response result="0"><volume name="v"><permission targetSecret="{VALUE}"/>'
    hp_array.faults.add(Fault("error", "getVolumeInfo*", times=None, status=0, stdout=garbled))
    with pytest.raises(ArrayError) as caught:
        hp_san.export("v")
    assert VALUE not in shown(caught.value)
    assert VALUE not in repr(list(hp_san.history))


def test_no_refused_input_shows_a_secret(array: SimulatedArray, san: SanSession):
    for value in ("short-one", "x" * 300):
        with pytest.raises(sansdk.InvalidChap) as caught:
            san.create_export("v", initiators=whom(array), chap=Chap("db", Secret(value)))
        assert value not in shown(caught.value)


def test_a_wrong_password_shows_nowhere(array: SimulatedArray, caplog: pytest.LogCaptureFixture):
    password = Secret("not-the-password-1")
    with pytest.raises(sansdk.AuthFailed) as caught:
        sansdk.connect(array.url, password=password, host_key=array.host_key)
    assert "not-the-password-1" not in caplog.text
    assert "not-the-password-1" not in shown(caught.value)


def test_a_plain_text_given_as_chap_secret_is_a_secret_at_once(array: SimulatedArray, san: SanSession):
    """Whoever forgets to wrap it is protected all the same."""
    chap = Chap("db", VALUE)
    assert VALUE not in repr(chap)
    assert VALUE not in repr(CreateExport("v", whom(array), chap))
    san.create_volume("v", GIB)
    export = san.create_export("v", initiators=whom(array), chap=chap)
    assert export.chap is not None
    assert export.chap.secret == Secret(VALUE)
    with pytest.raises(InvalidChap, match="int"):
        Chap("db", 123456789012)  # type: ignore[arg-type]
