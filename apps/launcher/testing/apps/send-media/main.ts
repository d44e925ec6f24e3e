/** Stands in for send-media. */
import { runFakeService } from '../../fake-service.ts';

runFakeService('send-media');
