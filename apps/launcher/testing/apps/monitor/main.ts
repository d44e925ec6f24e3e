/** Stands in for monitor. */
import { runFakeService } from '../../fake-service.ts';

runFakeService('monitor');
