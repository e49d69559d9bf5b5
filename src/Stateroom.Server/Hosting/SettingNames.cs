using System.Reflection;
using Microsoft.Extensions.Options;

namespace Stateroom.Server.Hosting;

/// <summary>Stands for the names of the settings, which are checked at the start: a misspelt one would change nothing and say nothing.</summary>
internal sealed class SettingNames
{
    /// <summary>Settings that there are.</summary>
    /// <param name="Section">The section that they stand in; others may stand there too.</param>
    /// <param name="Type">The type that has them as its properties.</param>
    internal sealed record Group(string Section, Type Type);
}

/// <summary>Finds settings that do not exist.</summary>
internal sealed class SettingNamesValidator(IConfiguration configuration, IEnumerable<SettingNames.Group> groups) : IValidateOptions<SettingNames>
{
    public ValidateOptionsResult Validate(string? name, SettingNames options)
    {
        var faults = groups
            .GroupBy(group => group.Section, group => group.Type)
            .SelectMany(section => Unknown(configuration.GetSection(section.Key), [.. section.Distinct()]))
            .ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Unknown(IConfigurationSection section, Type[] types)
    {
        var known = types.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)).ToList();
        if (!string.IsNullOrEmpty(section.Value))
        {
            yield return $"{section.Path} is no setting by itself. Give {section.Path}:{known[0].Name} and the like.";
        }

        foreach (var setting in section.GetChildren())
        {
            var property = known.Find(property => string.Equals(property.Name, setting.Key, StringComparison.OrdinalIgnoreCase));
            var faults = property is null
                ? [$"There is no setting {setting.Path}. Check its name. There are {string.Join(", ", known.Select(p => p.Name).Order(StringComparer.Ordinal))}."]
                : UnknownParts(setting, property.PropertyType);
            foreach (var fault in faults)
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<string> UnknownParts(IConfigurationSection setting, Type type) => Settings.ItemOf(type) switch
    {
        { } item => setting.GetChildren().SelectMany(child => UnknownParts(child, item)),
        null when Settings.IsGroup(type) => Unknown(setting, [type]),
        null when setting.GetChildren().Any() => [$"{setting.Path} has no parts. Give it a value of its own."],
        null => [],
    };
}
