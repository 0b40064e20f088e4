using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace MLNetExtensions.Hosting;

/// <summary>
/// Finds names in a section of the configuration that are no settings: misspelled ones, which binding leaves out silently.
/// </summary>
/// <param name="optionsName">The name of the options that the section is bound to.</param>
/// <param name="configuration">The configuration that the section is in.</param>
/// <param name="path">The section's path; null if the configuration is the section.</param>
internal sealed class ConfigurationNames(string optionsName, IConfiguration configuration, string? path)
    : IValidateOptions<VisionPredictorServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, VisionPredictorServiceOptions options)
    {
        if (name != optionsName)
            return ValidateOptionsResult.Skip;
        string[] problems =
        [
            .. MissingSection(),
            .. Unknown(path is null ? configuration : configuration.GetSection(path), typeof(VisionPredictorServiceOptions)),
        ];
        return problems.Length == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(problems.Select(p => $"The predictor '{options.Name}': {p}"));
    }

    /// <summary>A section that is not there, though one of nearly its name is.</summary>
    private IEnumerable<string> MissingSection()
    {
        if (path is null || configuration.GetSection(path).Exists())
            yield break;
        int end = path.LastIndexOf(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
        IConfiguration around = end < 0 ? configuration : configuration.GetSection(path[..end]);
        if (NearestName.Of(ConfigurationPath.GetSectionKey(path), around.GetChildren().Select(c => c.Key)) is { } near)
            yield return $"the configuration has no section '{path}'. Did you mean '{near}'?";
    }

    private static IEnumerable<string> Unknown(IConfiguration section, Type options)
    {
        PropertyInfo[] settings =
        [
            .. options
                .GetProperties()
                .Where(p =>
                    p.SetMethod is { IsPublic: true } && !typeof(Delegate).IsAssignableFrom(p.PropertyType) && !p.PropertyType.IsInterface
                ),
        ];
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            PropertyInfo? setting = Array.Find(settings, p => p.Name.Equals(entry.Key, StringComparison.OrdinalIgnoreCase));
            if (setting is null)
            {
                string near = NearestName.Of(entry.Key, settings.Select(p => p.Name)) is { } name
                    ? $"Did you mean '{name}'?"
                    : $"There are {string.Join(", ", settings.Select(p => p.Name).Order(StringComparer.Ordinal))}.";
                yield return $"'{entry.Path}' in the configuration is no setting. {near}";
            }
            else if (setting.PropertyType is { IsClass: true } inner && inner != typeof(string))
                foreach (string problem in Unknown(entry, inner))
                    yield return problem;
        }
    }
}
