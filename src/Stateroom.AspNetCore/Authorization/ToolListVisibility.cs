using Stateroom.AspNetCore.Tenancy;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Shows a credential that has a list of tools nothing but these: see <see cref="StateroomClaims.Tool"/>.</summary>
internal sealed class ToolListVisibility : IFeatureVisibility
{
    public ValueTask<bool> IsVisibleAsync(Feature feature, FeatureViewer viewer, CancellationToken cancellationToken)
    {
        // Most credentials have no list, which is told without looking at each claim in turn.
        if (feature.Kind != FeatureKind.Tool || viewer.User.FindFirst(StateroomClaims.Tool) is null)
        {
            return ValueTask.FromResult(true);
        }

        var restricted = false;
        foreach (var claim in viewer.User.Claims)
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

        return ValueTask.FromResult(!restricted);
    }
}
