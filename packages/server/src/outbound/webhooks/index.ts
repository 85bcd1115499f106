export { type Post, type Posted, post } from './post.ts';
export { newWebhookSecret, signedHeaders } from './signature.ts';
