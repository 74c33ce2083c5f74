/** What tags are compiled to; the bundler imports it where there are any. */
export { Fragment, h } from 'preact'
