using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.Server.Weather;

namespace Stateroom.Server.Tools;

/// <summary>
/// Finds the towns that a call names and asks the user about those that only the user can tell apart. One piece of code for both eras:
/// the exception becomes a request to a handshake-era client and an <c>input_required</c> result to a stateless-era one, and the tool runs again
/// from its start with the answers. So whoever calls this has not written anything yet.
/// </summary>
internal static class CityQuestions
{
    private const string Field = "city";

    /// <exception cref="InputRequiredException">The user is asked.</exception>
    /// <exception cref="WeatherException">A city is unknown, or ambiguous and there is nobody to ask.</exception>
    public static async ValueTask<Place[]> ResolveAsync(
        this WeatherService weather, IReadOnlyList<CityQuery> queries, RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
    {
        var places = new Place[queries.Count];
        Dictionary<string, InputRequest>? questions = null;
        for (var i = 0; i < places.Length; i++)
        {
            try
            {
                places[i] = await weather.FindAsync(queries[i], cancellationToken);
            }
            catch (AmbiguousCityException ambiguous) when (AnswerTo(context, KeyOf(i)) is { } answer)
            {
                places[i] = Chosen(answer, ambiguous);
            }
            catch (AmbiguousCityException ambiguous) when (CanAsk(context))
            {
                (questions ??= new(StringComparer.Ordinal))[KeyOf(i)] = Ask(ambiguous);
            }
        }

        return questions is null ? places : throw new InputRequiredException(questions);
    }

    private static string KeyOf(int index) => $"city-{index + 1}";

    /// <summary>The stateless era says with each request what its client can do, the handshake era once.</summary>
    private static bool CanAsk(RequestContext<CallToolRequestParams> context) =>
        (context.JsonRpcRequest.Context?.ClientCapabilities ?? context.Server.ClientCapabilities)?.Elicitation is { } elicitation
        && (elicitation.Form is not null || elicitation.Url is null);

    private static InputRequest Ask(AmbiguousCityException ambiguous) => InputRequest.ForElicitation(new ElicitRequestParams
    {
        Message = $"Several cities are called '{ambiguous.City}'. Which one do you mean?",
        RequestedSchema = new()
        {
            Properties = { [Field] = new ElicitRequestParams.UntitledSingleSelectEnumSchema { Title = "City", Enum = [.. ambiguous.Candidates.Select(place => place.Label)] } },
            Required = [Field],
        },
    });

    private static ElicitResult? AnswerTo(RequestContext<CallToolRequestParams> context, string key) =>
        context.Params.InputResponses is { } answers && answers.TryGetValue(key, out var answer)
            ? answer.Deserialize(InputResponse.ElicitResultJsonTypeInfo)
            : null;

    private static Place Chosen(ElicitResult answer, AmbiguousCityException ambiguous)
    {
        if (answer.IsAccepted
            && answer.Content is { } content
            && content.TryGetValue(Field, out var value)
            && value.ValueKind == JsonValueKind.String
            && ambiguous.Candidates.FirstOrDefault(place => value.ValueEquals(place.Label)) is { } place)
        {
            return place;
        }

        throw new WeatherException(
            WeatherFailure.AmbiguousCity, $"The user was asked which city called '{ambiguous.City}' is meant and chose none. {ambiguous.Message}");
    }
}
