using Microsoft.Extensions.Options;
using Xentree.Api;

await using var app = ApiHost.Build(args);
try
{
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException invalid)
{
    await Console.Error.WriteLineAsync($"Xentree does not start: {string.Join(" ", invalid.Failures)}");
    return 1;
}
