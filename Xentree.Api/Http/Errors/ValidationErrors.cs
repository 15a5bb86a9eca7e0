namespace Xentree.Api.Http.Errors;

/// <summary>The validation filter and whatever else asks ASP.NET Core for problem details get the one <see cref="Error"/> instead.</summary>
internal sealed class ValidationErrors : IProblemDetailsService
{
    public async ValueTask WriteAsync(ProblemDetailsContext context) => await ToFailure(context).ExecuteAsync(context.HttpContext);

    public async ValueTask<bool> TryWriteAsync(ProblemDetailsContext context)
    {
        await WriteAsync(context);
        return true;
    }

    private static Failure ToFailure(ProblemDetailsContext context) => context.ProblemDetails switch
    {
        HttpValidationProblemDetails problem => Failures.Validation(
            problem.Errors.GroupBy(error => FieldNames.FromProperty(error.Key))
                .ToDictionary(field => field.Key, field => field.SelectMany(error => error.Value).Distinct().ToArray())),
        var problem => Failures.ForStatus(problem.Status ?? context.HttpContext.Response.StatusCode),
    };
}
