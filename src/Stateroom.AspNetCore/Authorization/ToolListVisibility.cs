using Stateroom.AspNetCore.Tenancy;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Shows a credential that has a list of tools nothing but these: see <see cref="StateroomClaims.Tool"/>.</summary>
internal sealed class ToolListVisibility : IFeatureVisibility
{
    public ValueTask<bool> IsVisibleAsync(Feature feature, FeatureViewer viewer, CancellationToken cancellationToken)
    {
        if (feature.Kind != FeatureKind.Tool)
        {
            return ValueTask.FromResult(true);
        }

        var restricted = false;
        foreach (var identity in ClaimLists.Of(viewer.User))
        {
            foreach (var claim in ClaimLists.Of(identity))
            {
                if (claim.Type == StateroomClaims.Tool)
                {
                    if (claim.Value == feature.Name)
                    {
                        return ValueTask.FromResult(true);
                    }

                    restricted = true;
                }
            }
        }

        return ValueTask.FromResult(!restricted);
    }
}
