using Stateroom.Administration;
using Stateroom.AspNetCore.Administration;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Administration;

public class TenantSegmentTests
{
    [Theory]
    [InlineData("acme", "acme")]
    [InlineData("a.b-c_D9", "a.b-c_D9")]
    [InlineData(".", "~Lg")]
    [InlineData("..", "~Li4")]
    [InlineData("~", "~fg")]
    [InlineData("a/b", "~YS9i")]
    [InlineData("anonymous", "anonymous")]
    public void A_name_stands_for_itself_only_where_every_path_leaves_it_alone(string name, string segment)
    {
        Assert.Equal(segment, TenantSegment.Of(new(new TenantId(name))));
        Assert.Equal(new TenantRooms(new TenantId(name)), TenantSegment.Parse(segment));
    }

    [Fact]
    public void Any_name_comes_back_as_it_was_and_no_two_share_a_segment()
    {
        string[] names = ["ü", "a%2Fb", "\ud800", "\ud801x", "\ufffd", "\ud83d\udea2", "{}:*\r\n\0", new string('\u20ac', TenantId.MaxLength), new string('\ud800', TenantId.MaxLength)];
        var segments = names.Select(n => TenantSegment.Of(new(new TenantId(n)))).ToList();

        Assert.All(segments, s => Assert.Matches("^~[A-Za-z0-9_-]+$", s));
        Assert.Equal(names, segments.Select(s => TenantSegment.Parse(s)!.Value.Tenant.Value));
        Assert.Equal(names.Length, segments.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(TenantRooms.Anonymous, TenantSegment.Parse(TenantSegment.Of(TenantRooms.Anonymous)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a%2Fb")]
    [InlineData("~*")]
    [InlineData("~gA")]
    [InlineData("~_wA")]
    public void What_names_nobody_is_refused(string? segment) => Assert.Null(TenantSegment.Parse(segment));

    [Fact]
    public void A_name_too_long_is_refused()
    {
        Assert.Null(TenantSegment.Parse(new string('x', TenantId.MaxLength + 1)));
        Assert.Null(TenantSegment.Parse("~" + new string('A', 4 * (TenantId.MaxLength + 1))));
    }
}
