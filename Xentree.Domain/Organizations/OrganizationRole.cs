namespace Xentree.Domain.Organizations;

/// <summary>What a member may do in an organization; a greater value may do all that a smaller one may.</summary>
public enum OrganizationRole
{
    /// <summary>Learns.</summary>
    Member,

    /// <summary>Sees how the members learn.</summary>
    Manager,

    /// <summary>Changes the organization, its members and its keys.</summary>
    Admin,

    /// <summary>May delete the organization. Every organization has at least one.</summary>
    Owner,
}
