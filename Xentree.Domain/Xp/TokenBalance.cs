namespace Xentree.Domain.Xp;

/// <summary>Tokens that a user holds; a negative balance cannot be made (Q6).</summary>
public readonly record struct TokenBalance
{
    /// <summary>A balance.</summary>
    /// <param name="tokens">Tokens, from 0.</param>
    public TokenBalance(long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        Tokens = tokens;
    }

    /// <summary>Tokens held, from 0.</summary>
    public long Tokens { get; }

    /// <summary>The balance after a grant.</summary>
    /// <param name="tokens">Tokens given, from 0.</param>
    public TokenBalance Plus(long tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tokens);
        return new TokenBalance(checked(Tokens + tokens));
    }

    /// <summary>The balance after a purchase, or none when it does not pay the price.</summary>
    /// <param name="price">Tokens to pay, from 0.</param>
    public TokenBalance? Less(long price)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(price);
        return price <= Tokens ? new TokenBalance(Tokens - price) : null;
    }
}
