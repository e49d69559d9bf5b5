namespace Stateroom.Shipping.Tests.Packages;

/// <summary>Those who need the packages share them.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPackages : ICollectionFixture<PackagesFixture>
{
    public const string Name = "packages";
}
