namespace Xentree.Data;

/// <summary>
/// Whose rows are meant: a user's, and through an API key only those of the key's organization. New rows carry both. Every query of
/// rows that users create takes it.
/// </summary>
/// <param name="UserId">The user.</param>
/// <param name="OrganizationId">The key's organization; null for the user's own session, which sees all rows of the user.</param>
public readonly record struct Owner(Guid UserId, Guid? OrganizationId);
