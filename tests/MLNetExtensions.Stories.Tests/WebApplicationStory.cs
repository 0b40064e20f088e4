using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.ML;
using MLNetExtensions.Imaging;
using MLNetExtensions.Serving;
using MLNetExtensions.Stories.Tests.Drawing;
using MLNetExtensions.Trainers.FineTune;
using Xunit;

namespace MLNetExtensions.Stories.Tests;

/// <summary>A web application answers requests, and goes on with a better model when its file is replaced.</summary>
public sealed class WebApplicationStory : IDisposable
{
    private readonly ShapeFolder _folder = new(images: 24);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_application_answers_and_takes_a_new_model()
    {
        string file = _folder.File("model.zip");
        Save(file, freezeEpochs: 5);
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        var taken = new TaskCompletionSource<ModelReload>(TaskCreationOptions.RunContinuationsAsynchronously);
        builder.Services.AddVisionPredictor(options =>
        {
            options.ModelFile = file;
            options.ReloadInterval = TimeSpan.FromMilliseconds(50);
            options.OnReload = reload => taken.TrySetResult(reload);
        });
        builder.Services.AddHealthChecks().AddVisionPredictor();
        await using WebApplication app = builder.Build();
        app.MapPost(
            "/predict",
            async (HttpRequest request, VisionPredictor predictor, CancellationToken cancellation) =>
            {
                try
                {
                    VisionPrediction prediction = await predictor.PredictAsync(request.Body, cancellation);
                    return Results.Text($"{prediction.Label} {prediction.ModelVersion}");
                }
                catch (InvalidImageException e)
                {
                    return Results.BadRequest(e.Reason);
                }
            }
        );
        app.MapHealthChecks("/health");
        await app.StartAsync();
        using HttpClient client = app.GetTestClient();

        string[] answers = await Task.WhenAll(
            Enumerable
                .Range(500, 12)
                .Select(async i => await (await Ask(client, Shape.Png(Shape.Names[i % 3], i))).Content.ReadAsStringAsync())
        );
        Assert.True(answers.Where((answer, i) => answer == $"{Shape.Names[(500 + i) % 3]} 1").Count() >= 10, string.Join(", ", answers));
        Assert.Equal("Healthy", await client.GetStringAsync("/health"));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await Ask(client, [1, 2, 3])).StatusCode);

        Save(_folder.File("better.zip"), freezeEpochs: 60);
        File.Move(_folder.File("better.zip"), file, overwrite: true);
        ModelReload reload = await taken.Task.WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Null(reload.Error);
        Assert.Equal("triangle 2", await (await Ask(client, Shape.Png("triangle", 2000))).Content.ReadAsStringAsync());
    }

    private static Task<HttpResponseMessage> Ask(HttpClient client, byte[] image) =>
        client.PostAsync("/predict", new ByteArrayContent(image));

    private void Save(string file, int freezeEpochs)
    {
        var ml = new MLContext(seed: 1);
        IDataView photos = ml.Data.LoadFromImageFolder(_folder.Photos);
        ITransformer model = ml
            .Transforms.Conversion.MapValueToKey("Label")
            .Append(
                ml.MulticlassClassification.Trainers.FineTune(
                    new FineTuneOptions
                    {
                        Backbone = TinyNetwork.Backbone(),
                        ImageColumnName = "ImagePath",
                        Epochs = freezeEpochs,
                    }
                )
            )
            .Fit(photos);
        ml.Model.Save(model, photos.Schema, file);
    }
}
