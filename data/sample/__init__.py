"""The invented council: thirty-six months of the extracts a council has, with a story in them to find. Every person in it is invented.

What is there to find (seed 2026, whole council; June 2023 and May 2026, by the definitions of the KPIs, all 36 months loaded):

* visits in time: protection plans 64 to 82 %, children in need 65 to 81 %, in care 64 to 93 %; in the 60s until the inspection of
  January 2024; Harbour drifts back over the last six months (children in need 82 % in December, 60 % in May);
* first visits after contact 62 to 81 %, supervision 48 % (July 2023) to 83 %, Quarry 33 %; audits inadequate 24 to 6 %;
* assessments in 45 days 78 to 90 %, conferences in 15 days about 78 %, repeat plans about 22 %, re-referrals 28 to 25 % over half a year;
* from April 2025 referrals closed with no further action fall from 30 to 5 % and assessments with no services from 35 to 20 %: a change
  of recording, not of help;
* Weir's ten or fewer children on plans swing between 25 and 100 %; Mill's last month reads low until its late records arrive;
* reviews of children in care in time 80 to 96 %, taking part in them 70 to 87 %, dental checks 61 to 77 %, pathway plans 65 to 89 %,
  essentials training 50 to 89 %, audit actions on time 60 to 75 %: better; core groups 87 to 69 %: worse, from the summer of 2025;
* homeless young people jointly assessed 40 to 80 % since housing sits with the front door (May 2025): five to seven a month, so read it
  over a year; foster enquiries approved about 13 %, proceedings in 26 weeks under 40 %: poor throughout;
* from January 2026 new children in need wait for a worker in Orchard: none of 198 children in December, 30 of 211 in February;
* return interviews in 72 hours about 70 % at first and 80 % at last, of seven returns a month; a quarter of the children in care with three
  or more social workers in a year, by the return, which names those who covered;
* the returns (SSDA903, children in need census) say a few things otherwise than Annex A;
* about 2,450 open children, 73 social workers at the end and a caseload of 20 falling to 18.
"""

from __future__ import annotations

from data.sample.making import make
from data.sample.mess import MESS, Placed

__all__ = ["MESS", "Placed", "make"]
