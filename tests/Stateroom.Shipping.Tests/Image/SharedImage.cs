using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Image;

/// <summary>Those who need the image share one.</summary>
[CollectionDefinition(Name)]
public sealed class SharedImage : ICollectionFixture<ImageFixture>
{
    public const string Name = "image";
}
