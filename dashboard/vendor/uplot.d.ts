/** The monitor serves uPlot out of node_modules at this place. */
export { default } from 'uplot';
