using Microsoft.Extensions.Options;

namespace Stateroom.State;

internal sealed class SessionStateOptionsValidator : IValidateOptions<SessionStateOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionStateOptions options)
    {
        var faults = options.Types
            .Where(t => string.IsNullOrEmpty(t.Name) || t.Name.StartsWith(SessionStateOptions.ReservedPrefix, StringComparison.Ordinal))
            .Select(t => $"The state {t.Type} has the name '{t.Name}'. Give it one that is not empty and does not begin with '{SessionStateOptions.ReservedPrefix}'.")
            .Concat(options.Types.GroupBy(t => t.Name, StringComparer.Ordinal).Where(g => g.Count() > 1)
                .Select(g => $"The name '{g.Key}' is given to more than one type of state ({string.Join(", ", g.Select(t => t.Type))}). Give each its own, once."))
            .Concat(options.Types.GroupBy(t => t.Type).Where(g => g.DistinctBy(t => t.Name).Count() > 1)
                .Select(g => $"The state {g.Key} has more than one name ({string.Join(", ", g.Select(t => t.Name))}). Add it once."));
        if (options.JsonSerializerOptions is null)
        {
            faults = faults.Append($"{nameof(SessionStateOptions.JsonSerializerOptions)} is null. Leave it as it is or set your own.");
        }

        var all = faults.ToList();
        return all.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(all);
    }
}
