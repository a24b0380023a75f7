/** The build lays the file beside the scripts; the module is its address, relative to the page. */
declare module '*.ttf' {
  const address: string;
  export default address;
}
