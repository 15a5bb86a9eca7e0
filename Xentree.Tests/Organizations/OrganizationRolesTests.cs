using Xentree.Domain.Organizations;

namespace Xentree.Tests.Organizations;

public sealed class OrganizationRolesTests
{
    [Fact]
    public void Nobody_reaches_above_their_own_role_and_only_owner_and_admin_reach_at_all()
    {
        var allowed =
            from role in Enum.GetValues<OrganizationRole>()
            from other in Enum.GetValues<OrganizationRole>()
            where role.MayManage(other)
            select (role, other);

        Assert.Equal(
            [
                (OrganizationRole.Admin, OrganizationRole.Member),
                (OrganizationRole.Admin, OrganizationRole.Manager),
                (OrganizationRole.Admin, OrganizationRole.Admin),
                (OrganizationRole.Owner, OrganizationRole.Member),
                (OrganizationRole.Owner, OrganizationRole.Manager),
                (OrganizationRole.Owner, OrganizationRole.Admin),
                (OrganizationRole.Owner, OrganizationRole.Owner),
            ],
            allowed);
    }
}
