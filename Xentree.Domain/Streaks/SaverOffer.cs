namespace Xentree.Domain.Streaks;

/// <summary>Rule S8: what becomes of a request to buy a saver.</summary>
public enum SaverOffer
{
    /// <summary>It is bought: record a <see cref="SaverPurchase"/> and the tokens spent in one transaction.</summary>
    Accepted,

    /// <summary>409 <c>saver_limit</c>: it would make too many. Said first, for tokens would not help.</summary>
    SaverLimit,

    /// <summary>409 <c>insufficient_tokens</c>.</summary>
    InsufficientTokens,
}

/// <summary>The price and the limit of savers.</summary>
public static class SaverShop
{
    /// <summary>Judges a purchase.</summary>
    /// <param name="chain">The user's chain at the instant of the purchase, folded under the user's lock.</param>
    /// <param name="tokens">The user's token balance.</param>
    /// <param name="rules">The rules in force.</param>
    public static SaverOffer Offer(Chain chain, long tokens, StreakRules rules) =>
        chain.Savers >= rules.MaxSavers ? SaverOffer.SaverLimit
        : tokens < rules.SaverCost ? SaverOffer.InsufficientTokens
        : SaverOffer.Accepted;
}
