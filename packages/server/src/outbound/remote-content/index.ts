export { RemoteContent, type RemoteImage } from './remote-content.ts';
