"""The Twilio REST client: texts and calls out, each ending in a value that says what happened."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.rest import Client

from hotline.channels.carrier_http import CarrierHttp, NoAnswer, too_fast
from hotline.channels.errors_table import GATEWAY_TIMEOUT, judge
from hotline.channels.outcomes import Outcome, Refused, Sent, Unknown
from hotline.channels.outgoing import Account, OutgoingCall, OutgoingText
from hotline.channels.rate import Pace, Rate

LONGEST_WAIT = timedelta(seconds=5)
"""How long a text waits here for its number's rate; a longer wait goes back to the queue."""

_CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]


class RestClient:
    """Asks Twilio for texts and calls. One object may serve several threads."""

    def __init__(
        self,
        account: Account,
        *,
        timeout: float = 10.0,
        rate: Rate | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`timeout` in seconds for each answer; `rate` of each of our numbers (None: no limit)."""
        self._sleep = sleep
        http = CarrierHttp(base_url=account.base_url, timeout=timeout)
        self._client = Client(
            account.api_key, account.api_secret, account.account_sid, http_client=http
        )
        self._pace = Pace(rate, clock) if rate else None

    def send_text(self, text: OutgoingText) -> Outcome:
        """Ask for one text. Never raises for what the carrier does.

        Over the number's rate it waits a few seconds; where that is not enough, nothing is asked
        and the answer is Refused(TOO_FAST) with `wait`. An urgent text never waits.
        """
        if self._pace is not None:
            wait = self._pace.wait(
                text.sender, text.segments, urgent=text.urgent, most=LONGEST_WAIT
            )
            if wait > LONGEST_WAIT:
                return too_fast("our own rate for this number", wait.total_seconds())
            if wait:
                self._sleep(wait.total_seconds())
        return _ask(
            lambda: self._client.messages.create(
                to=text.to,
                from_=text.sender,
                body=text.body,
                status_callback=text.report_url,
                validity_period=int(text.valid.total_seconds()),
            )
        )

    def place_call(self, call: OutgoingCall) -> Outcome:
        """Ask for one call. Never raises for what the carrier does."""
        return _ask(
            lambda: self._client.calls.create(
                to=call.to,
                from_=call.sender,
                url=call.url,
                method="POST",
                status_callback=call.report_url,
                status_callback_event=_CALL_EVENTS,
                status_callback_method="POST",
                timeout=call.ring,
            )
        )


def _ask(create: Callable[[], Any]) -> Outcome:
    """Make the request and read what came of it.

    A 5xx is not accepted and may be tried again (TWILIO.md, rule 12), except 504: there a gateway
    gave up waiting for someone who may have done it.
    """
    try:
        sid = cast("object", create().sid)
    except NoAnswer as error:
        return error.outcome
    except (TwilioRestException, TwilioServiceException) as error:
        return _refused(int(error.status), error.code if isinstance(error.code, int) else None)
    except (TwilioException, json.JSONDecodeError, KeyError, TypeError) as error:
        return Unknown(f"an answer that says nothing: {type(error).__name__}")
    if not isinstance(sid, str) or not sid:
        return Unknown("an answer without an id")
    return Sent(sid)


def _refused(status: int, code: int | None) -> Outcome:
    if status == GATEWAY_TIMEOUT:
        return Unknown(f"HTTP {status}")
    known = judge(code, status)
    return Refused(
        permanent=known.permanent,
        meaning=known.meaning,
        problem=f"HTTP {status}: {known.note}",
        code=code if code != status else None,
    )
