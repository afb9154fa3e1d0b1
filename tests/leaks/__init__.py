"""Operations that must leave memory and reference counts where they were."""
