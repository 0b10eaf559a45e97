import { followSeats } from '../../src/app/follow-seats.ts';
import type { JobHandler } from '../run-job.ts';

export const followSeatsJob: JobHandler<'follow-seats'> = (deps, payload) => followSeats(deps, payload);
