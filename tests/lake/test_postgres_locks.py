from __future__ import annotations

import psycopg2
import pytest

from pipeline.lake import postgres_locks
from pipeline.lake.postgres_locks import PostgresLocks, key_of
from pipeline.lake.storage import StorageUnreachableError
from tests.servers import free_port

pytestmark = pytest.mark.process


@pytest.fixture
def locks(postgres_url):
    return PostgresLocks(postgres_url)


def test_a_name_has_the_same_number_on_every_machine():
    # The first eight bytes of the SHA-256 of "crsight A", as a number with a sign.
    assert key_of("A") == -8647623685227455790
    assert all(-(2**63) <= key_of(str(i)) < 2**63 for i in range(100))


@pytest.mark.parametrize("name", ["A", "B", "C", "D", "E", "F"])
def test_numbers_with_either_sign_are_found_held(locks, name):
    with locks.hold(name):
        assert locks.held(name)


def test_the_url_may_name_sqlalchemys_driver(postgres_url, locks):
    other = PostgresLocks(postgres_url.replace("postgresql://", "postgresql+psycopg2://"))
    with locks.hold("A"):
        assert other.held("A")


def test_asking_goes_on_after_the_server_ended_the_connection(locks):
    assert not locks.held("A")
    locks._asker[1].close()
    with locks.hold("A"):
        assert locks.held("A")


def test_both_ends_look_whether_the_other_is_alive_and_idling_is_allowed(locks):
    with locks.hold("A"):
        link = locks._claims["A"]._link
        with link.cursor() as cursor:
            for setting, value in (("tcp_keepalives_idle", "20"), ("idle_session_timeout", "0")):
                cursor.execute(f"show {setting}")
                assert cursor.fetchone() == (value,)
        assert link.get_transaction_status() == psycopg2.extensions.TRANSACTION_STATUS_IDLE
        assert {"keepalives_idle": "20", "tcp_user_timeout": "60000"}.items() <= (
            link.get_dsn_parameters().items()
        )


def test_a_server_that_is_not_there_is_named_by_its_setting(monkeypatch):
    monkeypatch.setattr(postgres_locks, "_PAUSES_S", ())
    locks = PostgresLocks(f"postgresql://crsight@127.0.0.1:{free_port()}/crsight")
    with pytest.raises(StorageUnreachableError, match=r"CRSIGHT_POSTGRES: .*refused"):
        locks.held("A")
    with pytest.raises(StorageUnreachableError), locks.hold("A"):
        pass


def test_a_server_that_comes_back_in_time_is_waited_for(locks, monkeypatch):
    connect, refused = psycopg2.connect, [psycopg2.OperationalError("starting up")] * 2

    def later(*args, **kwargs):
        if refused:
            raise refused.pop()
        return connect(*args, **kwargs)

    monkeypatch.setattr(postgres_locks, "_PAUSES_S", (0.01, 0.01))
    monkeypatch.setattr(psycopg2, "connect", later)
    with locks.hold("A"):
        assert refused == []
