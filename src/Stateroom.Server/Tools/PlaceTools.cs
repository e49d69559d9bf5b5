using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Stateroom.State;

namespace Stateroom.Server.Tools;

/// <summary>Tools that remember places for the session.</summary>
internal sealed class PlaceTools
{
    private const int MaxPlaces = 100;
    private const int MaxLabelLength = 100;
    private const int MaxCityLength = 200;

    [McpServerTool(Name = "save_place", Title = "Save a place", Idempotent = true, Destructive = false, OpenWorld = false)]
    [Description("Remember a city under a label, for this session alone. A label that is there already gets the new city.")]
    public static async Task<SavedPlace> SavePlace(
        [Description("The label, for instance 'home'; at most 100 characters")] string label,
        [Description("The city; at most 200 characters")] string city,
        ISessionState<SavedPlaces> session,
        CancellationToken cancellationToken)
    {
        Check(nameof(label), label, MaxLabelLength);
        Check(nameof(city), city, MaxCityLength);
        await session.UpdateAsync(
            places => places.Cities.Count < MaxPlaces || places.Cities.ContainsKey(label)
                ? places with { Cities = places.Cities.SetItem(label, city) }
                : throw new McpException($"This session remembers {MaxPlaces} places, which is the most. Forget one first."),
            cancellationToken);
        return new SavedPlace(label, city);
    }

    [McpServerTool(Name = "list_places", Title = "List places", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("List the places that this session remembers.")]
    public static async Task<PlaceList> ListPlaces(ISessionState<SavedPlaces> session, CancellationToken cancellationToken)
    {
        var places = await session.GetAsync(cancellationToken);
        return new PlaceList([.. places.Cities
            .OrderBy(place => place.Key, StringComparer.Ordinal)
            .Select(place => new SavedPlace(place.Key, place.Value))]);
    }

    [McpServerTool(Name = "forget_place", Title = "Forget a place", Idempotent = true, Destructive = true, OpenWorld = false)]
    [Description("Forget the place of a label.")]
    public static async Task<ForgottenPlace> ForgetPlace(
        [Description("The label")] string label, ISessionState<SavedPlaces> session, CancellationToken cancellationToken)
    {
        Check(nameof(label), label, MaxLabelLength);
        var known = false;
        await session.UpdateAsync(
            places =>
            {
                known = places.Cities.ContainsKey(label);
                return known ? places with { Cities = places.Cities.Remove(label) } : places;
            },
            cancellationToken);
        return new ForgottenPlace(label, known);
    }

    private static void Check(string name, string value, int maximum)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new McpException($"The {name} is empty. Give one.");
        }

        if (value.Length > maximum)
        {
            throw new McpException($"The {name} has {value.Length} characters. Shorten it to at most {maximum}.");
        }
    }
}

/// <summary>A place and what it is called.</summary>
internal sealed record SavedPlace(string Label, string City);

/// <summary>All places of a session, by label.</summary>
internal sealed record PlaceList(IReadOnlyList<SavedPlace> Places);

/// <summary>A label that is gone.</summary>
/// <param name="Label">The label.</param>
/// <param name="Forgotten">Whether there was such a place.</param>
internal sealed record ForgottenPlace(string Label, bool Forgotten);
