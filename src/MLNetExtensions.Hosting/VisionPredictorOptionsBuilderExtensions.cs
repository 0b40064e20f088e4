using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using MLNetExtensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Binds a predictor's settings to the configuration. Unlike in other options, an unknown name is an error, because it is misspelled.
/// </summary>
public static class VisionPredictorOptionsBuilderExtensions
{
    /// <summary>Takes settings from a section of the application's configuration.</summary>
    /// <param name="builder">The builder that AddVisionPredictor returned.</param>
    /// <param name="configSectionPath">The section's path.</param>
    /// <returns>The same builder. An unknown name in the section stops the application's start; the message names the nearest
    /// setting.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>builder.Services.AddVisionPredictor().BindConfiguration("VisionPredictor");</code></example>
    public static OptionsBuilder<VisionPredictorServiceOptions> BindConfiguration(
        this OptionsBuilder<VisionPredictorServiceOptions> builder,
        string configSectionPath
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configSectionPath);
        builder.Services.AddSingleton<IValidateOptions<VisionPredictorServiceOptions>>(provider => new ConfigurationNames(
            builder.Name,
            provider.GetRequiredService<IConfiguration>(),
            configSectionPath
        ));
        return builder.BindConfiguration<VisionPredictorServiceOptions>(configSectionPath);
    }

    /// <summary>Takes settings from a configuration.</summary>
    /// <param name="builder">The builder that AddVisionPredictor returned.</param>
    /// <param name="config">The configuration.</param>
    /// <returns>The same builder. An unknown name in the configuration stops the application's start; the message names the nearest
    /// setting.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static OptionsBuilder<VisionPredictorServiceOptions> Bind(
        this OptionsBuilder<VisionPredictorServiceOptions> builder,
        IConfiguration config
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(config);
        builder.Services.AddSingleton<IValidateOptions<VisionPredictorServiceOptions>>(
            new ConfigurationNames(builder.Name, config, path: null)
        );
        return builder.Bind<VisionPredictorServiceOptions>(config);
    }
}
