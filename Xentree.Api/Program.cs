using Microsoft.Extensions.Options;
using Xentree.Api;

await using var app = ApiHost.Build(args);
try
{
    // Before the host does it, which would bury the sentence under a stack trace.
    app.Services.GetRequiredService<IStartupValidator>().Validate();
}
catch (Exception exception) when (exception is OptionsValidationException or AggregateException)
{
    var invalid = exception is AggregateException several ? several.InnerExceptions.OfType<OptionsValidationException>() : [(OptionsValidationException)exception];
    await Console.Error.WriteLineAsync($"Xentree does not start: {string.Join(" ", invalid.SelectMany(options => options.Failures))}");
    return 1;
}

await app.RunAsync();
return 0;
