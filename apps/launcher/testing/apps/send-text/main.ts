/** Stands in for send-text. */
import { runFakeService } from '../../fake-service.ts';

runFakeService('send-text');
