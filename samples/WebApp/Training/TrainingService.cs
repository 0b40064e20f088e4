using Microsoft.EntityFrameworkCore;
using WebAppSample.Models;
using WebAppSample.Storage;

namespace WebAppSample.Training;

/// <summary>Trains in the background, one run after the other, and notes how each ends.</summary>
internal sealed partial class TrainingService(
    TrainingQueue queue,
    TrainingJob job,
    ModelSwitch models,
    ProgressFeed feed,
    IDbContextFactory<AppDatabase> databases,
    ILogger<TrainingService> logger
) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await NoteInterruptedAsync(stoppingToken);
        try
        {
            await foreach ((int id, CancellationToken canceled) in queue.ReadAsync(stoppingToken))
            {
                try
                {
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(canceled, stoppingToken);
                    await RunAsync(id, either.Token);
                }
                finally
                {
                    queue.Release();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends.
        }
    }

    private async Task RunAsync(int id, CancellationToken cancellation)
    {
        await using AppDatabase database = await databases.CreateDbContextAsync(CancellationToken.None);
        TrainingRun run = await database.Runs.SingleAsync(known => known.Id == id, CancellationToken.None);
        DateTime start = DateTime.UtcNow;
        string message;
        try
        {
            run.State = RunState.Running;
            await database.SaveChangesAsync(CancellationToken.None);
            List<LabeledPhoto> photos = await job.PhotosAsync(database, cancellation);
            // Training computes for minutes: not on a thread that requests wait for.
            await Task.Factory.StartNew(
                () => job.Train(run, photos, cancellation),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
            run.State = RunState.Completed;
            run.Seconds = (DateTime.UtcNow - start).TotalSeconds;
            await database.SaveChangesAsync(CancellationToken.None);
            await models.ActivateAsync(id, CancellationToken.None);
            message = $"accuracy {run.Accuracy:P1} on {run.TestImages} images that it was not trained on";
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            run.State = RunState.Canceled;
            message = run.Error = "canceled";
        }
        catch (Exception error)
        {
            // Whatever it is, the application goes on, and the person who asked learns of it.
            LogFailure(error, id);
            run.State = RunState.Failed;
            message = run.Error = error.Message;
        }
        run.Seconds ??= (DateTime.UtcNow - start).TotalSeconds;
        await database.SaveChangesAsync(CancellationToken.None);
        feed.Publish(new RunProgress(id, run.State, message, run.State == RunState.Completed ? 1 : null));
    }

    /// <summary>Runs that were under way when the application ended are not under way any more.</summary>
    private async Task NoteInterruptedAsync(CancellationToken cancellation)
    {
        await using AppDatabase database = await databases.CreateDbContextAsync(cancellation);
        await database
            .Runs.Where(run => run.State == RunState.Running || run.State == RunState.Queued)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(run => run.State, RunState.Failed)
                        .SetProperty(run => run.Error, "The application ended before the run did."),
                cancellation
            );
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The training run {Run} failed.")]
    private partial void LogFailure(Exception error, int run);
}
