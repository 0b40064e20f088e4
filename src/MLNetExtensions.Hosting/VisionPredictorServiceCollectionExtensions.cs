using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using MLNetExtensions.Hosting;
using MLNetExtensions.Serving;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds predictors to an application's services.</summary>
public static class VisionPredictorServiceCollectionExtensions
{
    /// <summary>
    /// Adds the application's <see cref="VisionPredictor"/>: one for all requests, created when the application starts and disposed with
    /// it. It uses the application's MLContext and IMeterFactory, if there are any; changed model files are logged.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">The settings; more can be added to the returned builder, such as
    /// <c>BindConfiguration("VisionPredictor")</c>.</param>
    /// <returns>
    /// The settings' builder. They are checked and the model is loaded when the application starts. A value out of range, or a file that is
    /// not a model, stops it.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <example><code>builder.Services.AddVisionPredictor(o => o.ModelFile = "model.zip");</code></example>
    public static OptionsBuilder<VisionPredictorServiceOptions> AddVisionPredictor(
        this IServiceCollection services,
        Action<VisionPredictorServiceOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => Create(provider, Options.Options.DefaultName));
        services.AddSingleton<IHostedService>(provider => new VisionPredictorStart(() => provider.GetRequiredService<VisionPredictor>()));
        return AddOptions(services, Options.Options.DefaultName, configure);
    }

    /// <summary>Adds one of several predictors; services ask for it with <c>[FromKeyedServices(name)]</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">The predictor's key, the name of its settings, and its name in metrics unless the settings have another.</param>
    /// <param name="configure">The settings; more can be added to the returned builder.</param>
    /// <returns>The settings' builder. They are checked and the model is loaded when the application starts.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static OptionsBuilder<VisionPredictorServiceOptions> AddKeyedVisionPredictor(
        this IServiceCollection services,
        string name,
        Action<VisionPredictorServiceOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.TryAddKeyedSingleton(name, (provider, _) => Create(provider, name));
        services.AddSingleton<IHostedService>(provider => new VisionPredictorStart(() =>
            provider.GetRequiredKeyedService<VisionPredictor>(name)
        ));
        return AddOptions(
            services,
            name,
            options =>
            {
                options.Name = name;
                configure?.Invoke(options);
            }
        );
    }

    private static OptionsBuilder<VisionPredictorServiceOptions> AddOptions(
        IServiceCollection services,
        string name,
        Action<VisionPredictorServiceOptions>? configure
    )
    {
        OptionsBuilder<VisionPredictorServiceOptions> builder = services.AddOptions<VisionPredictorServiceOptions>(name);
        if (configure is not null)
            builder.Configure(configure);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<VisionPredictorServiceOptions>, VisionPredictorOptionsValidation>()
        );
        return builder.ValidateOnStart();
    }

    private static VisionPredictor Create(IServiceProvider provider, string name)
    {
        VisionPredictorServiceOptions options = provider.GetRequiredService<IOptionsMonitor<VisionPredictorServiceOptions>>().Get(name);
        ModelOperationsCatalog models = (provider.GetService<MLContext>() ?? new MLContext()).Model;
        VisionPredictorOptions own = options.Clone();
        own.MeterFactory ??= provider.GetService<IMeterFactory>();
        if (provider.GetService<ILogger<VisionPredictor>>() is { } logger)
            own.OnReload = new ReloadLog(logger, options.Name).Write + options.OnReload;
        return options.Model is { } model
            ? models.CreateVisionPredictor(model(provider), own)
            : models.CreateVisionPredictor(options.ModelFile!, own);
    }
}
