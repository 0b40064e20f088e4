using System.Text.Json.Serialization;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using MLNetExtensions.Hosting;
using Scalar.AspNetCore;
using WebAppSample.Labeling;
using WebAppSample.Models;
using WebAppSample.Monitoring;
using WebAppSample.Predicting;
using WebAppSample.Security;
using WebAppSample.Settings;
using WebAppSample.Storage;
using WebAppSample.Training;

namespace WebAppSample;

/// <summary>The web application: pages under /, the API under /api, its document under /openapi and /scalar, health and metrics.</summary>
public static class App
{
    /// <summary>Builds the application.</summary>
    /// <param name="args">Settings, such as <c>--WebApp:DataFolder data --VisionPredictor:MaxBatchSize 32</c>.</param>
    /// <param name="configure">Changes made for tests.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        // Pages and settings lie beside the program, whatever the working folder is.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        AddServices(builder);
        builder.AddLimits();
        builder.AddMonitoring();
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        app.UseExceptionHandler(
            new ExceptionHandlerOptions { StatusCodeSelector = error => (error as BadHttpRequestException)?.StatusCode ?? 500 }
        );
        app.UseStatusCodePages();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<SameOrigin>();
        app.UseDefaultFiles();
        app.UseStaticFiles(new StaticFileOptions { ContentTypeProvider = new FileExtensionContentTypeProvider() });
        app.UseRouting();
        app.UseRateLimiter();
        app.MapPredicting();
        app.MapLabeling();
        app.MapTraining();
        app.MapModels();
        app.MapMonitoring();
        app.MapOpenApi();
        app.MapScalarApiReference(options =>
            options
                .WithTitle("MLNetExtensions WebApp")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp()
                .HideDeveloperTools()
        );
        return app;
    }

    private static void AddServices(WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddOptions<WebAppOptions>().BindConfiguration(WebAppOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new DataFolder(provider.GetRequiredService<IOptions<WebAppOptions>>().Value.DataFolder));
        services.AddDbContextFactory<AppDatabase>(
            (provider, options) => options.UseSqlite(provider.GetRequiredService<DataFolder>().Connection)
        );
        services.AddSingleton(new MLContext());

        services.AddSingleton<StartModel>();
        services
            .AddVisionPredictor()
            .Configure<StartModel, IOptions<WebAppOptions>>(
                (options, start, limits) =>
                {
                    options.ModelFile = start.File;
                    options.MaxEncodedBytes = limits.Value.MaxImageBytes;
                    options.MaxPixels = limits.Value.MaxImagePixels;
                }
            )
            .BindConfiguration("VisionPredictor");
        services.AddHealthChecks().AddVisionPredictor(timeout: TimeSpan.FromSeconds(5));

        services.AddSingleton<PhotoStore>();
        services.AddSingleton<OcclusionMap>();
        services.AddSingleton<ModelSwitch>();
        services.AddSingleton<ProgressFeed>();
        services.AddSingleton<TrainingQueue>();
        services.AddHostedService<TrainingService>();
        services.AddSingleton<TrainingJob>();

        services.AddProblemDetails();
        services.AddExceptionHandler<ErrorAnswers>();
        services.AddOpenApi(options =>
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info.Title = "MLNetExtensions WebApp";
                    return Task.CompletedTask;
                }
            )
        );
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase));
        });
    }
}
