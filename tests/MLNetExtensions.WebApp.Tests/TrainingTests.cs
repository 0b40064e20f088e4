using System.Net;
using MLNetExtensions.TestData;
using MLNetExtensions.TestData.Photos;
using WebAppSample.Predicting;
using WebAppSample.Storage;
using WebAppSample.Training;
using Xunit;

namespace MLNetExtensions.WebApp.Tests;

public sealed class TrainingTests : IDisposable
{
    private static readonly byte[] Photo = DrawnPhoto.Encode(seed: 1, 64, 48);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_model_is_trained_with_progress_answers_and_can_be_switched_back()
    {
        await using RunningApp app = await RunningApp.StartAsync();
        await app.Client.PostAsync("/api/images/examples", null);

        TrainingRun asked = await app.TrainAsync();
        List<RunProgress> heard = await app.ListenAsync(asked.Id, progress => progress.State is RunState.Completed or RunState.Failed);

        Assert.Equal(RunState.Completed, heard[^1].State);
        double[] fractions = [.. heard.Select(progress => progress.Fraction).OfType<double>()];
        Assert.Equal(fractions.Order(), fractions);
        TrainingRun trained = (await app.ModelsAsync())[0];
        Assert.Equal((asked.Id, true, true), (trained.Id, trained.IsActive, trained.HasReport));
        Assert.Equal((48, 12, 4), (trained.TrainImages, trained.TestImages, trained.Classes));
        // Four shapes: a guess is right in a quarter.
        Assert.InRange(trained.Accuracy!.Value, 0.4, 1);

        Assert.Equal(trained.Id, (await PredictAsync(app)).Model.Id);
        HttpResponseMessage report = await app.Client.GetAsync($"/api/models/{trained.Id}/report");
        Assert.Equal("text/html", report.Content.Headers.ContentType?.MediaType);
        Assert.Contains(trained.Name, await report.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.NoContent, (await app.Client.PostAsync("/api/models/1/activate", null)).StatusCode);
        PredictionAnswer before = await PredictAsync(app);
        Assert.Equal(1, before.Model.Id);
        Assert.All(
            before.Top,
            known => Assert.Contains(known.Label, "airplane automobile bird cat deer dog frog horse ship truck".Split(' '))
        );
        Assert.Equal(1, Assert.Single(await app.ModelsAsync(), model => model.IsActive).Id);
    }

    [Fact]
    public async Task No_request_fails_while_models_are_switched()
    {
        await using RunningApp app = await RunningApp.StartAsync();
        await app.Client.PostAsync("/api/images/examples", null);
        TrainingRun run = await app.TrainAsync();
        await app.ListenAsync(run.Id, progress => progress.State == RunState.Completed);
        using var enough = new CancellationTokenSource();
        Task<List<PredictionAnswer>>[] callers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(CallAsync))];

        for (int i = 0; i < 6; i++)
            (await app.Client.PostAsync($"/api/models/{(i % 2 == 0 ? 1 : run.Id)}/activate", null)).EnsureSuccessStatusCode();
        await enough.CancelAsync();

        List<PredictionAnswer> answers = [.. (await Task.WhenAll(callers)).SelectMany(all => all)];
        Assert.NotEmpty(answers);
        // The classes are those of the model that the answer names.
        Assert.All(answers, answer => Assert.Equal(answer.Model.Id == 1 ? 5 : 4, answer.Top.Count));

        async Task<List<PredictionAnswer>> CallAsync()
        {
            var given = new List<PredictionAnswer>();
            while (!enough.IsCancellationRequested)
                given.Add(await PredictAsync(app));
            return given;
        }
    }

    [Fact]
    public async Task Too_few_images_and_a_second_run_are_refused()
    {
        await using RunningApp app = await RunningApp.StartAsync(null, ("WebApp:Epochs", 10_000), ("WebApp:MinImagesPerClass", 15));

        HttpResponseMessage none = await app.Client.PostAsync("/api/runs", null);
        await app.Client.PostAsync("/api/images/examples", null);
        TrainingRun first = await app.TrainAsync();
        HttpResponseMessage second = await app.Client.PostAsync("/api/runs", null);
        await app.Client.PostAsync($"/api/runs/{first.Id}/cancel", null);
        await app.ListenAsync(first.Id, progress => progress.State == RunState.Canceled);

        Assert.Equal(HttpStatusCode.Conflict, none.StatusCode);
        Assert.Contains("15 of each", (await none.Content.ReadAsStringAsync()).Replace(" images", "", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
    }

    [Fact]
    public async Task A_canceled_run_leaves_no_model_and_the_next_one_trains()
    {
        await using RunningApp app = await RunningApp.StartAsync(_folder.Path, ("WebApp:Epochs", 10_000));
        await app.Client.PostAsync("/api/images/examples", null);

        TrainingRun first = await app.TrainAsync();
        await app.ListenAsync(first.Id, progress => progress.Epoch > 0);
        HttpResponseMessage canceled = await app.Client.PostAsync($"/api/runs/{first.Id}/cancel", null);
        await app.ListenAsync(first.Id, progress => progress.State == RunState.Canceled);
        TrainingRun noted = (await app.ModelsAsync())[0];

        Assert.Equal(HttpStatusCode.NoContent, canceled.StatusCode);
        Assert.Equal((RunState.Canceled, null, false), (noted.State, noted.ModelFile, noted.IsActive));
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "models", $"{first.Id}")));
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.PostAsync($"/api/runs/{first.Id}/cancel", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.PostAsync($"/api/models/{first.Id}/activate", null)).StatusCode);

        TrainingRun second = await WhenFreeAsync(app);
        await app.Client.PostAsync($"/api/runs/{second.Id}/cancel", null);
        await app.ListenAsync(second.Id, progress => progress.State == RunState.Canceled);
    }

    [Fact]
    public async Task After_a_restart_the_same_model_answers_and_an_interrupted_run_is_none()
    {
        int trained;
        await using (RunningApp app = await RunningApp.StartAsync(_folder.Path))
        {
            await app.Client.PostAsync("/api/images/examples", null);
            trained = (await app.TrainAsync()).Id;
            await app.ListenAsync(trained, progress => progress.State == RunState.Completed);
        }
        await using (RunningApp app = await RunningApp.StartAsync(_folder.Path, ("WebApp:Epochs", 10_000)))
        {
            TrainingRun interrupted = await app.TrainAsync();
            await app.ListenAsync(interrupted.Id, progress => progress.Epoch > 0);
        }

        await using RunningApp again = await RunningApp.StartAsync(_folder.Path);

        Assert.Equal(trained, (await PredictAsync(again)).Model.Id);
        Assert.Contains((await again.ModelsAsync())[0].State, new[] { RunState.Canceled, RunState.Failed });
        Assert.Equal(3, (await again.ModelsAsync()).Count);
    }

    // The end of a run is told a moment before its place is free.
    private static async Task<TrainingRun> WhenFreeAsync(RunningApp app)
    {
        HttpResponseMessage response;
        do response = await app.Client.PostAsync("/api/runs", null);
        while (response.StatusCode == HttpStatusCode.Conflict);
        return await RunningApp.ReadAsync<TrainingRun>(response);
    }

    private static async Task<PredictionAnswer> PredictAsync(RunningApp app) =>
        await RunningApp.ReadAsync<PredictionAnswer>(await app.PostAsync("/api/predict", Photo));
}
