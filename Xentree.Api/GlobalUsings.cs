global using Xentree.Api.Http;
global using Xentree.Api.Http.Errors;
global using Xentree.Api.Http.Json;
global using Xentree.Api.Http.OpenApi;
global using Xentree.Api.Http.Validation;
