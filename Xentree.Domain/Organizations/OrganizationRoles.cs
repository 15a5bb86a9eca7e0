namespace Xentree.Domain.Organizations;

/// <summary>What follows from a role.</summary>
public static class OrganizationRoles
{
    extension(OrganizationRole role)
    {
        /// <summary>Whether the role changes the organization, its members and its keys.</summary>
        public bool Administers => role >= OrganizationRole.Admin;

        /// <summary>
        /// Whether the role may give <paramref name="other"/> to somebody, and may change or remove somebody who has it: nobody reaches
        /// above their own role.
        /// </summary>
        public bool MayManage(OrganizationRole other) => role.Administers && other <= role;
    }
}
