// The package's main entry does not load as a module in Node; its bundler entry does.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect';
}
