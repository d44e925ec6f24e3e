/** Stands in for sandbox. */
import { runFakeService } from '../../fake-service.ts';

runFakeService('sandbox');
