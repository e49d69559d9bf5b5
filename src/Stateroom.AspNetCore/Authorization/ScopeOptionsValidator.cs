using Microsoft.Extensions.Options;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Finds every fault in the rules of scopes and says how to mend it.</summary>
internal sealed class ScopeOptionsValidator : IValidateOptions<ScopeOptions>
{
    public ValidateOptionsResult Validate(string? name, ScopeOptions options)
    {
        var faults = new List<string>();
        for (var i = 0; i < options.Scopes.Count; i++)
        {
            var rule = options.Scopes[i];
            string?[] names = [rule.Tool, rule.Prompt, rule.Resource];
            if (names.Count(n => n is { Length: > 0 }) != 1)
            {
                faults.Add($"Stateroom:Scopes:{i} has to name one thing. Give one of Tool, Prompt and Resource.");
            }

            if (ScopeText.Split(rule.Scope) is not { Length: > 0 } scopes || !scopes.All(ScopeText.IsScope))
            {
                faults.Add($"Stateroom:Scopes:{i}:Scope is no scope. Give a word such as weather:write, or several with spaces between them.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
