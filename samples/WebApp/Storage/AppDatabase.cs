using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace WebAppSample.Storage;

/// <summary>The database: images with their labels, classes, and training runs with their models.</summary>
public sealed class AppDatabase(DbContextOptions<AppDatabase> options) : DbContext(options)
{
    /// <summary>The stored images.</summary>
    public DbSet<Photo> Photos => Set<Photo>();

    /// <summary>The classes that images are labeled with.</summary>
    public DbSet<PhotoClass> Classes => Set<PhotoClass>();

    /// <summary>The training runs, and the model that comes with the sample.</summary>
    public DbSet<TrainingRun> Runs => Set<TrainingRun>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Photo>().HasIndex(photo => photo.Hash).IsUnique();
        modelBuilder.Entity<Photo>().HasIndex(photo => photo.Label);
        modelBuilder.Entity<PhotoClass>().HasKey(known => known.Name);
        modelBuilder.Entity<TrainingRun>().Property(run => run.State).HasConversion<string>();
    }

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcTime>();

    // SQLite keeps no kind of time.
    private sealed class UtcTime() : ValueConverter<DateTime, DateTime>(time => time, time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
