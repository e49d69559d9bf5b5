using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Knows which scopes are needed for what: by the attributes of what is registered, and by rules for what is not.</summary>
internal sealed class RequiredScopes(IOptions<ScopeOptions> options)
{
    private static readonly ConditionalWeakTable<IMcpServerPrimitive, Needs> _known = [];

    private readonly ILookup<Feature, string> _rules = options.Value.Scopes
        .SelectMany(rule => FeaturesOf(rule).SelectMany(feature => ScopeText.Split(rule.Scope).Select(scope => (feature, scope))))
        .ToLookup(pair => pair.feature, pair => pair.scope);

    /// <summary>What the rules alone ask for.</summary>
    public IEnumerable<string> OfRules => _rules.SelectMany(rule => rule);

    /// <summary>The scopes that are needed for something.</summary>
    /// <param name="feature">What it is.</param>
    /// <param name="primitive">What is registered for it, if anything.</param>
    public IEnumerable<string> Of(Feature feature, IMcpServerPrimitive? primitive) =>
        primitive is null ? _rules[feature] : _rules.Count == 0 ? NeedsOf(primitive).All : NeedsOf(primitive).All.Concat(_rules[feature]);

    /// <summary>The scopes that the attributes of something registered ask for.</summary>
    public static string[] Of(IMcpServerPrimitive primitive) => NeedsOf(primitive).All;

    /// <summary>The scopes without which something is hidden.</summary>
    public static string[] Hiding(IMcpServerPrimitive? primitive) => primitive is null ? [] : NeedsOf(primitive).Hidden;

    private static Needs NeedsOf(IMcpServerPrimitive primitive) => _known.GetValue(primitive, static p =>
    {
        var attributes = p.Metadata.OfType<RequiresScopeAttribute>().ToList();
        return new(
            [.. attributes.SelectMany(a => ScopeText.Split(a.Scope))],
            [.. attributes.Where(a => a.Hide).SelectMany(a => ScopeText.Split(a.Scope))]);
    });

    private static IEnumerable<Feature> FeaturesOf(ScopeRule rule) => rule switch
    {
        { Tool: { Length: > 0 } tool } => [new Feature(FeatureKind.Tool, tool)],
        { Prompt: { Length: > 0 } prompt } => [new Feature(FeatureKind.Prompt, prompt)],
        { Resource: { Length: > 0 } uri } => [new Feature(FeatureKind.Resource, uri), new Feature(FeatureKind.ResourceTemplate, uri)],
        _ => [],
    };

    private sealed record Needs(string[] All, string[] Hidden);
}
