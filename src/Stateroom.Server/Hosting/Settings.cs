using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Stateroom.Server.Hosting;

/// <summary>Ties options to a section of the settings so that whatever is wrong there stops the start with words that help.</summary>
internal static class Settings
{
    private static readonly string[] _times = [@"h\:mm\:ss", @"h\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss", @"d\.hh\:mm\:ss\.FFFFFFF"];

    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton(new SettingNames.Group(section, typeof(T)));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SettingNames>, SettingNamesValidator>());
        services.AddOptions<SettingNames>().ValidateOnStart();
        return services.AddOptions<T>()
            .Configure<IConfiguration>((options, configuration) => Bind(configuration.GetSection(section), options))
            .ValidateOnStart();
    }

    /// <summary>What a list holds; null for what is no list.</summary>
    public static Type? ItemOf(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>Whether a setting consists of others.</summary>
    public static bool IsGroup(Type type) => type.IsClass && ItemOf(type) is null && !TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static void Bind<T>(IConfigurationSection section, T options)
        where T : class
    {
        var faults = Faults(section, typeof(T)).ToList();
        if (faults.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(T), faults);
        }

        section.Bind(options);
    }

    private static IEnumerable<string> Faults(IConfigurationSection section, Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var setting = section.GetSection(property.Name);
            if (IsGroup(property.PropertyType))
            {
                foreach (var fault in Faults(setting, property.PropertyType))
                {
                    yield return fault;
                }
            }
            else if (setting.Value is { } value && Fault(value, property.PropertyType) is { } wrong)
            {
                yield return $"{setting.Path} {wrong.Replace("{0}", setting.Path, StringComparison.Ordinal)}";
            }
            else if (ItemOf(property.PropertyType) is { } item && IsGroup(item))
            {
                foreach (var fault in setting.GetChildren().SelectMany(child => Faults(child, item)))
                {
                    yield return fault;
                }
            }
        }
    }

    /// <summary>What is wrong with a value; <c>{0}</c> stands for the setting's name.</summary>
    private static string? Fault(string value, Type type)
    {
        var wanted = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            // The value may be a key: it is not repeated.
            { Length: > 0 } when ItemOf(type) is not null => "is a list. Give its items as {0}:0, {0}:1 and so on.",
            "" when type.IsValueType && wanted == type => $"is empty. Give {Describe(wanted)}, or leave it out.",
            { Length: > 0 } when !Reads(value, wanted) => $"is '{value}'. Give {Describe(wanted)}.",
            _ => null,
        };
    }

    private static bool Reads(string value, Type type)
    {
        if (type == typeof(TimeSpan))
        {
            // Otherwise 30 would be read as days, and 24:00:00 too, which nobody means who writes it.
            return TimeSpan.TryParseExact(value, _times, CultureInfo.InvariantCulture, out _);
        }

        var converter = TypeDescriptor.GetConverter(type);
        return !converter.CanConvertFrom(typeof(string)) || converter.IsValid(value);
    }

    private static string Describe(Type type) =>
        type == typeof(TimeSpan) ? "a time as hh:mm:ss, with days as d.hh:mm:ss"
        : type == typeof(bool) ? "true or false"
        : type.IsEnum ? string.Join(" or ", Enum.GetNames(type))
        : type.IsPrimitive ? "a whole number in digits"
        : $"what reads as {type.Name}";
}
