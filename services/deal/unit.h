/* services/deal/unit.h
 * What a portion weighs, holds or counts, read from how its host wrote it, and the price that can be compared. Pure. */
#ifndef SERVICES_DEAL_UNIT_H
#define SERVICES_DEAL_UNIT_H

#include "proto/deal.h"

/* "500g", "1.5 kg", "2L", "30구", "3봉": the measure and a thousandth of it as unit. What cannot be read is one piece.
 */
void deal_unit_read(const char *unit, enum deal_measure *measure, int64_t *thousandths);
/* Won per 100 g, 100 ml or piece of a portion that costs `portion_won`, rounded half up. */
int64_t deal_unit_won(const char *unit, int64_t portion_won, enum deal_measure *measure);

#endif
