using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Xentree.Data;

namespace Xentree.Api.Http.Export;

/// <summary>What one feature holds of an account: a member of the export, an array of rows in the order of their ids.</summary>
/// <param name="Name">The name of the member.</param>
/// <param name="Read">Reads the rows of an account.</param>
internal sealed record ExportPart(string Name, Func<XentreeDbContext, Guid, CancellationToken, IAsyncEnumerable<object>> Read);

/// <summary>Adds to the export of an account: each feature calls it once for each kind of row that it keeps of a user.</summary>
internal static class ExportParts
{
    private const int BatchSize = 500;

    /// <summary>Adds a part.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the member in the document.</param>
    /// <param name="rows">The rows of an account; without an order, and in properties that are set by name, so that the query can be narrowed.</param>
    /// <param name="id">Their id, by which they are read in batches: an account of any size takes little memory.</param>
    public static void AddExportPart<TRow>(
        this IServiceCollection services, string name, Func<XentreeDbContext, Guid, IQueryable<TRow>> rows, Expression<Func<TRow, Guid>> id)
        where TRow : class
    {
        var idOf = id.Compile();
        services.AddSingleton(new ExportPart(name, (context, userId, cancellation) => ReadAsync(rows(context, userId), id, idOf, cancellation)));
    }

    private static async IAsyncEnumerable<object> ReadAsync<TRow>(
        IQueryable<TRow> rows, Expression<Func<TRow, Guid>> id, Func<TRow, Guid> idOf, [EnumeratorCancellation] CancellationToken cancellation)
        where TRow : class
    {
        for (var last = Guid.Empty; ;)
        {
            var batch = await rows.Where(After(id, last)).OrderBy(id).Take(BatchSize).ToListAsync(cancellation);
            foreach (var row in batch) yield return row;
            if (batch.Count < BatchSize) yield break;

            last = idOf(batch[^1]);
        }
    }

    private static Expression<Func<TRow, bool>> After<TRow>(Expression<Func<TRow, Guid>> id, Guid last)
    {
        // A captured variable becomes a parameter of the query.
        Expression<Func<Guid>> value = () => last;
        return Expression.Lambda<Func<TRow, bool>>(Expression.GreaterThan(id.Body, value.Body), id.Parameters);
    }
}
