using System.Security.Claims;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>
/// Decides what a caller sees. What is hidden is neither listed nor callable nor completed: it is answered like what never existed.
/// Register as many as you like with <c>services.AddSingleton&lt;IFeatureVisibility, …&gt;()</c>; all have to agree.
/// </summary>
public interface IFeatureVisibility
{
    /// <summary>Says whether a caller sees something. Asked for each entry of a list and before each call, so it should be quick.</summary>
    /// <param name="feature">What it is.</param>
    /// <param name="viewer">Who calls.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it exists for that caller. If this throws, it does not.</returns>
    ValueTask<bool> IsVisibleAsync(Feature feature, FeatureViewer viewer, CancellationToken cancellationToken);
}

/// <summary>Who is to see something.</summary>
/// <param name="Caller">The caller; <see cref="Caller.Anonymous"/> without a credential.</param>
/// <param name="User">The authenticated user with its claims. Ask for scopes by <see cref="ScopeExtensions.HasScope"/>.</param>
public sealed record FeatureViewer(Caller Caller, ClaimsPrincipal User);
