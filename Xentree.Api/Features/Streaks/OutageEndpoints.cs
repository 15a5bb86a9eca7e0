using Xentree.Api.Auth;
using Xentree.Api.Http.Idempotency;

namespace Xentree.Api.Features.Streaks;

internal static class OutageEndpoints
{
    public static void MapOutages(this WebApplication app)
    {
        var outages = app.MapGroup("/api/admin/outages").WithTags("Administration").RequireAdmin();

        outages.MapGet("", ListOutages.HandleAsync)
            .WithName("listOutages")
            .WithSummary("List outages")
            .WithDescription("The outages that stand, the one declared last first. `include_withdrawn=true` adds those that were withdrawn.");

        outages.MapPost("", DeclareOutage.HandleAsync)
            .AcceptsIdempotencyKey()
            .WithName("declareOutage")
            .WithSummary("Declare an outage")
            .WithDescription(
                """
                Says that learners could not learn from one instant to another. Every local day that overlaps it is bridged for everybody, in their own
                zone: it costs no saver and breaks no streak, past days too. Every read shows it at once.

                An outage may lie in the past or in the future and may overlap others: a day is bridged while any of them stands. It lasts at most 31 days.
                """);

        outages.MapDelete("/{outageId:uuid}", WithdrawOutage.HandleAsync)
            .WithName("withdrawOutage")
            .WithSummary("Withdraw an outage")
            .WithDescription(
                """
                Takes an outage back, as long as none of its days is over anywhere on earth (`withdrawable_until`). After that it stands for good,
                because learners have seen what it did: 409 `outage_final`.
                """)
            .Fails("outage_final");
    }
}
