using Microsoft.AspNetCore.Http;

namespace Stateroom.AspNetCore.Administration;

/// <summary>Marks the endpoints of administration, whose every error is problem details, whoever finds it.</summary>
internal sealed class AdministrationEndpoint
{
    public static readonly AdministrationEndpoint Mark = new();

    /// <summary>Whether a request is for one of them; false where routing has not seen it yet.</summary>
    public static bool IsTargetOf(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<AdministrationEndpoint>() is not null;
}
